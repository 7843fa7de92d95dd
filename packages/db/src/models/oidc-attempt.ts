import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { NEXT_PATH_MAX_LENGTH } from '@latchkey/shared';
import type { User } from './user.ts';

/** A visit to the OpenID provider that has not come back. It is deleted with its first answer. */
export class OidcAttempt extends Model<
  InferAttributes<OidcAttempt>,
  InferCreationAttributes<OidcAttempt>
> {
  /** SHA-256 of the state that the provider sends back: 64 lower-case hexadecimal digits. */
  declare stateHash: string;
  /** SHA-256 of what the browser has: the token in its cookie, and its session's id where it needs one. */
  declare browserHash: string;
  declare purpose: 'login' | 'link' | 'proof';
  /** Who is signed in; null at a log-in, where nobody knows yet. */
  declare userId: CreationOptional<ForeignKey<string> | null>;
  /** Where the person is going, a path of this site. */
  declare nextPath: CreationOptional<string | null>;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the hashes. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const {
      stateHash: _state,
      browserHash: _browser,
      ...rest
    } = super.toJSON<InferAttributes<OidcAttempt>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineOidcAttempt(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof OidcAttempt {
  const model = class extends OidcAttempt {}.init(
    {
      stateHash: { type: DataTypes.STRING(64), primaryKey: true, allowNull: false },
      browserHash: { type: DataTypes.STRING(64), allowNull: false },
      purpose: { type: DataTypes.STRING(20), allowNull: false },
      userId: { type: DataTypes.UUID },
      nextPath: { type: DataTypes.STRING(NEXT_PATH_MAX_LENGTH) },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'OidcAttempt',
      tableName: 'oidc_attempts',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
