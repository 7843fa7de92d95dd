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

/** A browser whose person gave the right password, and has yet to show a second factor. */
export class PendingLogin extends Model<
  InferAttributes<PendingLogin>,
  InferCreationAttributes<PendingLogin>
> {
  /** SHA-256 of the cookie's token: 64 lower-case hexadecimal digits. */
  declare tokenHash: string;
  declare userId: ForeignKey<string>;
  /** SHA-256 of the hash that the password was verified against: a new password makes the row worthless. */
  declare proofHash: string;
  declare staySignedIn: boolean;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the hashes. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const {
      tokenHash: _token,
      proofHash: _proof,
      ...rest
    } = super.toJSON<InferAttributes<PendingLogin>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function definePendingLogin(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof PendingLogin {
  const model = class extends PendingLogin {}.init(
    {
      tokenHash: { type: DataTypes.STRING(64), primaryKey: true, allowNull: false },
      userId: { type: DataTypes.UUID, allowNull: false },
      proofHash: { type: DataTypes.STRING(64), allowNull: false },
      staySignedIn: { type: DataTypes.BOOLEAN, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'PendingLogin',
      tableName: 'pending_logins',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
