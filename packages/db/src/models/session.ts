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
import type { User } from './user.ts';

/** One signed-in browser. */
export class Session extends Model<InferAttributes<Session>, InferCreationAttributes<Session>> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare userId: ForeignKey<string>;
  /** SHA-256 of the cookie's token: 64 lower-case hexadecimal digits. */
  declare tokenHash: string;
  declare staySignedIn: boolean;
  /** The address it was used from, IPv4 or IPv6, at most 45 characters. */
  declare address: CreationOptional<string | null>;
  /** At most 400 characters: cut it before. */
  declare userAgent: CreationOptional<string | null>;
  /** When its person last proved who they are. */
  declare authenticatedAt: Date;
  /** When that was with something beside the password; null where it never was. */
  declare secondFactorAt: CreationOptional<Date | null>;
  declare lastSeenAt: Date;
  declare idleExpiresAt: Date;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
  /** There when asked for with `include: 'user'`. */
  declare user?: NonAttribute<User>;

  /** The attributes without the token's hash; an included user without the password hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { tokenHash: _secret, ...rest } = super.toJSON<InferAttributes<Session>>();
    return { ...rest, ...(this.user && { user: this.user.toJSON() }) } as object as T;
  }
}

/** Makes the model of one database, belonging to its `User` as `user`. */
export function defineSession(sequelize: Sequelize, userModel: typeof User): typeof Session {
  const model = class extends Session {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      userId: { type: DataTypes.UUID, allowNull: false },
      tokenHash: { type: DataTypes.STRING(64), allowNull: false },
      staySignedIn: { type: DataTypes.BOOLEAN, allowNull: false },
      address: { type: DataTypes.STRING(45) },
      userAgent: { type: DataTypes.STRING(400) },
      authenticatedAt: { type: DataTypes.DATE, allowNull: false },
      secondFactorAt: { type: DataTypes.DATE },
      lastSeenAt: { type: DataTypes.DATE, allowNull: false },
      idleExpiresAt: { type: DataTypes.DATE, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'Session', tableName: 'sessions', underscored: true },
  );
  model.belongsTo(userModel, { as: 'user', foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
