import { DataTypes } from 'sequelize';

type Row = { getDataValue: (name: never) => unknown };

/** A column of whole numbers beyond 2³¹, read as a number: PostgreSQL's driver gives a bigint as text. */
export function bigNumber(name: string) {
  return {
    type: DataTypes.BIGINT,
    allowNull: false,
    get(this: Row): unknown {
      const value = this.getDataValue(name as never); // It is the name of a column.
      return value == null ? value : Number(value);
    },
  };
}
