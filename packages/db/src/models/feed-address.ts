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

/** The secret address of one person's feed: nobody has more than one. */
export class FeedAddress extends Model<
  InferAttributes<FeedAddress>,
  InferCreationAttributes<FeedAddress>
> {
  declare userId: ForeignKey<string>;
  /** SHA-256 of the address's token: 64 lower-case hexadecimal digits. */
  declare tokenHash: string;
  declare madeAt: Date;
  /** When the feed was last fetched, to the hour; null for never. */
  declare lastUsedAt: CreationOptional<Date | null>;
  /** There when asked for with `include: 'user'`. */
  declare user?: NonAttribute<User>;

  /** The attributes without the token's hash; an included user without the password hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { tokenHash: _secret, ...rest } = super.toJSON<InferAttributes<FeedAddress>>();
    return { ...rest, ...(this.user && { user: this.user.toJSON() }) } as object as T;
  }
}

/** Makes the model of one database, belonging to its `User` as `user`. */
export function defineFeedAddress(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof FeedAddress {
  const model = class extends FeedAddress {}.init(
    {
      userId: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      tokenHash: { type: DataTypes.STRING(64), allowNull: false },
      madeAt: { type: DataTypes.DATE, allowNull: false },
      lastUsedAt: { type: DataTypes.DATE },
    },
    { sequelize, modelName: 'FeedAddress', tableName: 'feed_addresses', timestamps: false },
  );
  model.belongsTo(userModel, { as: 'user', foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
