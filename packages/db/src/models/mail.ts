import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import type { User } from './user.ts';

/** One mail of the queue. It holds no code: a code is made when the mail is sent. */
export class Mail extends Model<InferAttributes<Mail>, InferCreationAttributes<Mail>> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  /** Which template writes it, at most 40 characters. */
  declare kind: string;
  /** Whom it is for, with whose row it is deleted; null where there is no account, or it is not known yet. */
  declare userId: ForeignKey<CreationOptional<string | null>>;
  /** The address; null until it is known. */
  declare recipient: CreationOptional<string | null>;
  /** What its template needs. Never a secret. */
  declare details: CreationOptional<Record<string, string>>;
  declare attempts: CreationOptional<number>;
  /** When it is sent next, or when the claim on it ends; null once it is sent or given up. */
  declare nextAttemptAt: CreationOptional<Date | null>;
  /** When it is given up if it could not be sent until then. */
  declare giveUpAt: Date;
  /** The attempt that has it now, or that sent it or failed for good; null while it waits. */
  declare claimedBy: CreationOptional<string | null>;
  declare sentAt: CreationOptional<Date | null>;
  /** When it was given up. */
  declare failedAt: CreationOptional<Date | null>;
  /** What went wrong last, at most 200 characters. */
  declare lastError: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineMail(sequelize: Sequelize, userModel: typeof User): typeof Mail {
  const model = class extends Mail {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      kind: { type: DataTypes.STRING(40), allowNull: false },
      userId: { type: DataTypes.UUID },
      recipient: { type: DataTypes.STRING(254) },
      details: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      attempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      nextAttemptAt: { type: DataTypes.DATE },
      giveUpAt: { type: DataTypes.DATE, allowNull: false },
      claimedBy: { type: DataTypes.UUID },
      sentAt: { type: DataTypes.DATE },
      failedAt: { type: DataTypes.DATE },
      lastError: { type: DataTypes.STRING(200) },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'Mail', tableName: 'mails', underscored: true, updatedAt: false },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
