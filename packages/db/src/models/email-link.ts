import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { EMAIL_MAX_LENGTH, NEXT_PATH_MAX_LENGTH, type PersonColumns } from '@latchkey/shared';
import type { User } from './user.ts';

/**
 * A link that is mailed to an address, and what happens when it is opened. It has no code until its mail
 * is sent.
 */
export class EmailLink extends Model<
  InferAttributes<EmailLink>,
  InferCreationAttributes<EmailLink>
> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare purpose: 'registration' | 'new-email' | 'undo-email';
  /** The address that the account gets with the link. */
  declare email: string;
  /** Whose email changes, and with whose row it is deleted; null for a registration. */
  declare userId: ForeignKey<CreationOptional<string | null>>;
  /** What was told in a registration, as the columns of `User` take it. */
  declare person: CreationOptional<PersonColumns | null>;
  /** Of a registration, as are the next two. */
  declare passwordHash: CreationOptional<string | null>;
  declare staySignedIn: CreationOptional<boolean | null>;
  /** Where the person was going. */
  declare nextPath: CreationOptional<string | null>;
  /** The invitation that the account is made with; its use is counted then. */
  declare invitationId: CreationOptional<string | null>;
  /** SHA-256 of the link's token: 64 lower-case hexadecimal digits. Null until its mail is sent. */
  declare tokenHash: CreationOptional<string | null>;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the hashes. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const {
      tokenHash: _secret,
      passwordHash: _password,
      ...rest
    } = super.toJSON<InferAttributes<EmailLink>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineEmailLink(sequelize: Sequelize, userModel: typeof User): typeof EmailLink {
  const model = class extends EmailLink {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      purpose: { type: DataTypes.STRING(20), allowNull: false },
      email: { type: DataTypes.STRING(EMAIL_MAX_LENGTH), allowNull: false },
      userId: { type: DataTypes.UUID },
      person: { type: DataTypes.JSONB },
      passwordHash: { type: DataTypes.STRING(255) },
      staySignedIn: { type: DataTypes.BOOLEAN },
      nextPath: { type: DataTypes.STRING(NEXT_PATH_MAX_LENGTH) },
      invitationId: { type: DataTypes.UUID },
      tokenHash: { type: DataTypes.STRING(64) },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'EmailLink',
      tableName: 'email_links',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
