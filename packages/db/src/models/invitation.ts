import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { EMAIL_MAX_LENGTH } from '@latchkey/shared';
import type { User } from './user.ts';

/** A link that lets people register, as often as it has uses. */
export class Invitation extends Model<
  InferAttributes<Invitation>,
  InferCreationAttributes<Invitation>
> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  /** SHA-256 of the link's code: 64 lower-case hexadecimal digits. */
  declare codeHash: string;
  /** The one address that it serves, in the form that accounts have; null for any. */
  declare email: CreationOptional<string | null>;
  /** The role that comes with it, or null. */
  declare role: CreationOptional<string | null>;
  declare maxUses: number;
  declare usesLeft: number;
  declare expiresAt: Date;
  declare revokedAt: CreationOptional<Date | null>;
  /** Whose account was made with one for an address; it is deleted with their row. */
  declare userId: ForeignKey<CreationOptional<string | null>>;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the code's hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { codeHash: _secret, ...rest } = super.toJSON<InferAttributes<Invitation>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, a used one for an address deleted with its `User`. */
export function defineInvitation(sequelize: Sequelize, userModel: typeof User): typeof Invitation {
  const model = class extends Invitation {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      codeHash: { type: DataTypes.STRING(64), allowNull: false },
      email: { type: DataTypes.STRING(EMAIL_MAX_LENGTH) },
      role: { type: DataTypes.STRING(30) },
      maxUses: { type: DataTypes.INTEGER, allowNull: false },
      usesLeft: { type: DataTypes.INTEGER, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      revokedAt: { type: DataTypes.DATE },
      userId: { type: DataTypes.UUID },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'Invitation',
      tableName: 'invitations',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
