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

/** The link "This wasn't me" of a mail. It works once, for the account that has the mail's address. */
export class SecureLink extends Model<
  InferAttributes<SecureLink>,
  InferCreationAttributes<SecureLink>
> {
  /** The mail that brings it. A mail that is sent once more brings another. */
  declare mailId: string;
  declare userId: ForeignKey<string>;
  /** Where the mail went. */
  declare email: string;
  /** SHA-256 of the link's token: 64 lower-case hexadecimal digits. */
  declare tokenHash: string;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the token's hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { tokenHash: _secret, ...rest } = super.toJSON<InferAttributes<SecureLink>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineSecureLink(sequelize: Sequelize, userModel: typeof User): typeof SecureLink {
  const model = class extends SecureLink {}.init(
    {
      mailId: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      userId: { type: DataTypes.UUID, allowNull: false },
      email: { type: DataTypes.STRING(254), allowNull: false },
      tokenHash: { type: DataTypes.STRING(64), allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'SecureLink',
      tableName: 'secure_links',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
