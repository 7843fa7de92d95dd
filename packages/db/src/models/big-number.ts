import { DataTypes, type Model, type ModelAttributeColumnOptions } from 'sequelize';

/** A column of whole numbers beyond 2³¹, read as a number: PostgreSQL's driver gives a bigint as text. */
export function bigNumber(
  name: string,
  options: Partial<ModelAttributeColumnOptions> = {},
): ModelAttributeColumnOptions {
  return {
    type: DataTypes.BIGINT,
    allowNull: false,
    get(this: Model) {
      const value: unknown = this.getDataValue(name);
      return value == null ? value : Number(value);
    },
    ...options,
  };
}
