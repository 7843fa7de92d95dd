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

/** A random text that a passkey has yet to sign. It is deleted with its first use. */
export class PasskeyChallenge extends Model<
  InferAttributes<PasskeyChallenge>,
  InferCreationAttributes<PasskeyChallenge>
> {
  /** SHA-256 of the challenge: 64 lower-case hexadecimal digits. */
  declare challengeHash: string;
  /** SHA-256 of what the browser that asked for it has: the token in its cookie, or its session's id. */
  declare browserHash: string;
  declare purpose: 'registration' | 'login';
  /** Whose passkey is added, or proves who is signed in; null at a log-in, where nobody knows yet. */
  declare userId: CreationOptional<ForeignKey<string> | null>;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the hashes. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const {
      challengeHash: _challenge,
      browserHash: _browser,
      ...rest
    } = super.toJSON<InferAttributes<PasskeyChallenge>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function definePasskeyChallenge(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof PasskeyChallenge {
  const model = class extends PasskeyChallenge {}.init(
    {
      challengeHash: { type: DataTypes.STRING(64), primaryKey: true, allowNull: false },
      browserHash: { type: DataTypes.STRING(64), allowNull: false },
      purpose: { type: DataTypes.STRING(20), allowNull: false },
      userId: { type: DataTypes.UUID },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'PasskeyChallenge',
      tableName: 'passkey_challenges',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
