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

/** An account at an OpenID provider that logs a person in. Issuer and subject together name it. */
export class OidcIdentity extends Model<
  InferAttributes<OidcIdentity>,
  InferCreationAttributes<OidcIdentity>
> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare userId: ForeignKey<string>;
  /** The provider's own address for itself, as its tokens have it. */
  declare issuer: string;
  /** The provider's id of the account, which it never gives to another. */
  declare subject: string;
  /** Roles that the person has from this provider alone. */
  declare roles: CreationOptional<string[]>;
  declare lastUsedAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineOidcIdentity(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof OidcIdentity {
  const model = class extends OidcIdentity {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      userId: { type: DataTypes.UUID, allowNull: false },
      issuer: { type: DataTypes.STRING(500), allowNull: false },
      subject: { type: DataTypes.STRING(255), allowNull: false },
      roles: { type: DataTypes.JSONB, allowNull: false, defaultValue: [] },
      lastUsedAt: { type: DataTypes.DATE },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'OidcIdentity',
      tableName: 'oidc_identities',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
