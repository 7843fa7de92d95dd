import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import { bigNumber } from './big-number.ts';
import type { SecurityEventSource } from './security-event-source.ts';

/** One row of the operator's security log. Its hash covers the row before, so no row is changed later. */
export class SecurityEvent extends Model<
  InferAttributes<SecurityEvent>,
  InferCreationAttributes<SecurityEvent>
> {
  /** Its place in the log: 1, 2, 3 and so on, without a gap. */
  declare id: number;
  /** When it happened. Rows are in the order in which they were written. */
  declare createdAt: Date;
  /** A name of the OWASP Logging Vocabulary, at most 40 characters. */
  declare event: string;
  /** A word of the code, at most 90 characters. Never what somebody typed. */
  declare outcome: CreationOptional<string | null>;
  /** How many such events from one client the row stands for. */
  declare times: CreationOptional<number>;
  /** Whether it is about an account, with which its source is deleted. */
  declare isPersonal: boolean;
  /** The SHA-256 of the source with its salt, in hex. */
  declare sourceHash: string;
  /** The SHA-256 of the hash before and all of this row but its source, in hex. */
  declare hash: string;
  /** Where it was asked for. */
  declare source?: NonAttribute<SecurityEventSource | null>;
}

/** Makes the model of one database. */
export function defineSecurityEvent(sequelize: Sequelize): typeof SecurityEvent {
  return class extends SecurityEvent {}.init(
    {
      id: { ...bigNumber('id'), primaryKey: true },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      event: { type: DataTypes.STRING(40), allowNull: false },
      outcome: { type: DataTypes.STRING(90) },
      times: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
      isPersonal: { type: DataTypes.BOOLEAN, allowNull: false },
      sourceHash: { type: DataTypes.STRING(64), allowNull: false },
      hash: { type: DataTypes.STRING(64), allowNull: false },
    },
    {
      sequelize,
      modelName: 'SecurityEvent',
      tableName: 'security_events',
      underscored: true,
      timestamps: false,
    },
  );
}
