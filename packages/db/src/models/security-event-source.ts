import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type NonAttribute,
  type Sequelize,
} from 'sequelize';
import { bigNumber } from './big-number.ts';
import type { SecurityEvent } from './security-event.ts';
import type { User } from './user.ts';

/**
 * Whom a row of the security log is about, and where it came from. It is deleted with its person, and the
 * log stays whole: a row of the log has only a hash of it, which tells nothing once the salt is gone.
 */
export class SecurityEventSource extends Model<
  InferAttributes<SecurityEventSource>,
  InferCreationAttributes<SecurityEventSource>
> {
  /** The row of the log. */
  declare eventId: ForeignKey<number>;
  /** Null where it is about nobody who has an account. */
  declare userId: ForeignKey<CreationOptional<string | null>>;
  /** Where it came from, IPv4 or IPv6, at most 45 characters; null for what the operator did. */
  declare address: CreationOptional<string | null>;
  /** 16 random bytes in hex. */
  declare salt: string;
  /** Where it was asked for. */
  declare user?: NonAttribute<User | null>;
}

/** Makes the model of one database, its rows deleted with their `User` and with their row of the log. */
export function defineSecurityEventSource(
  sequelize: Sequelize,
  eventModel: typeof SecurityEvent,
  userModel: typeof User,
): typeof SecurityEventSource {
  const model = class extends SecurityEventSource {}.init(
    {
      eventId: { ...bigNumber('eventId'), primaryKey: true },
      userId: { type: DataTypes.UUID },
      address: { type: DataTypes.STRING(45) },
      salt: { type: DataTypes.STRING(32), allowNull: false },
    },
    {
      sequelize,
      modelName: 'SecurityEventSource',
      tableName: 'security_event_sources',
      underscored: true,
      timestamps: false,
    },
  );
  model.belongsTo(eventModel, { foreignKey: 'eventId', onDelete: 'CASCADE' });
  eventModel.hasOne(model, { as: 'source', foreignKey: 'eventId' });
  model.belongsTo(userModel, { as: 'user', foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
