import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';

/**
 * One counter of rate-limiter-flexible. Its PostgreSQL class inserts by position, so the table has
 * exactly these columns in this order, and no times of creation and change.
 */
export class RateLimit extends Model<
  InferAttributes<RateLimit>,
  InferCreationAttributes<RateLimit>
> {
  declare key: string;
  declare points: CreationOptional<number>;
  /** Milliseconds since 1970, or null for a counter without an end. */
  declare expire: CreationOptional<number | null>;
}

/** Makes the model of one database. */
export function defineRateLimit(sequelize: Sequelize): typeof RateLimit {
  return class extends RateLimit {}.init(
    {
      key: { type: DataTypes.STRING(255), primaryKey: true, allowNull: false },
      points: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      expire: { type: DataTypes.BIGINT, get: readExpire },
    },
    { sequelize, modelName: 'RateLimit', tableName: 'rate_limits', timestamps: false },
  );
}

/** PostgreSQL's driver gives a bigint as text. */
function readExpire(this: RateLimit): number | null {
  const expire = this.getDataValue('expire') as number | string | null | undefined;
  return expire == null ? null : Number(expire);
}
