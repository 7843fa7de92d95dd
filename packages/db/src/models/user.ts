import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { EMAIL_MAX_LENGTH, NAME_MAX_LENGTH, USERNAME_MAX_LENGTH } from '@latchkey/shared';

/**
 * A person's account. `email` and `username` are kept as typed and are unique without regard to
 * case: compare `lower(column)` with `lower(value)`, both in the database.
 */
export class User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare name: string;
  declare email: string;
  declare username: CreationOptional<string | null>;
  /** A PHC string (`$scrypt$…`), never a password; the database refuses what does not begin with `$`. */
  declare passwordHash: string;
  /** Those without an end. For what a person has at a moment take `currentRoles`. */
  declare roles: CreationOptional<string[]>;
  /** By the role, the moment at which it ends, ISO 8601 in UTC; also of those that have ended. */
  declare roleEnds: CreationOptional<Record<string, string>>;
  /** Set when an operator has disabled the account. */
  declare disabledAt: CreationOptional<Date | null>;
  /** Since when the account waits for the operator's approval; null once it has it, or needs none. */
  declare waitingSince: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;

  /** The attributes without the password hash. For the outside choose fields yourself: see `PublicUser`. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { passwordHash: _secret, ...rest } = super.toJSON<InferAttributes<User>>();
    return rest as object as T;
  }
}

/** Makes the model of one database. */
export function defineUser(sequelize: Sequelize): typeof User {
  return class extends User {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      name: { type: DataTypes.STRING(NAME_MAX_LENGTH), allowNull: false },
      email: { type: DataTypes.STRING(EMAIL_MAX_LENGTH), allowNull: false },
      username: { type: DataTypes.STRING(USERNAME_MAX_LENGTH) },
      passwordHash: { type: DataTypes.STRING(255), allowNull: false },
      roles: { type: DataTypes.JSONB, allowNull: false, defaultValue: [] },
      roleEnds: { type: DataTypes.JSONB, allowNull: false, defaultValue: {} },
      disabledAt: { type: DataTypes.DATE },
      waitingSince: { type: DataTypes.DATE },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'User', tableName: 'users', underscored: true },
  );
}
