import {
  DataTypes,
  Model,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { bigNumber } from './big-number.ts';

/**
 * Both ends of the security log, in one row that is locked while rows are added or purged. It is made
 * with the first row of the log.
 */
export class SecurityLogEnd extends Model<
  InferAttributes<SecurityLogEnd>,
  InferCreationAttributes<SecurityLogEnd>
> {
  /** Always 1. */
  declare id: number;
  /** The newest row of the log, and its hash. */
  declare lastId: number;
  declare lastHash: string;
  /** The newest row that was purged, and its hash; 0 where none was. */
  declare purgedId: number;
  declare purgedHash: string;
}

/** Makes the model of one database. */
export function defineSecurityLogEnd(sequelize: Sequelize): typeof SecurityLogEnd {
  return class extends SecurityLogEnd {}.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, allowNull: false },
      lastId: bigNumber('lastId'),
      lastHash: { type: DataTypes.STRING(64), allowNull: false },
      purgedId: bigNumber('purgedId'),
      purgedHash: { type: DataTypes.STRING(64), allowNull: false },
    },
    {
      sequelize,
      modelName: 'SecurityLogEnd',
      tableName: 'security_log_ends',
      underscored: true,
      timestamps: false,
    },
  );
}
