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

/** A browser in which a person need not show the second factor again for some time. */
export class RememberedBrowser extends Model<
  InferAttributes<RememberedBrowser>,
  InferCreationAttributes<RememberedBrowser>
> {
  /** SHA-256 of the cookie's token: 64 lower-case hexadecimal digits. */
  declare tokenHash: string;
  declare userId: ForeignKey<string>;
  /** The id of the browser's latest session; it may be over. Whoever ends that one forgets the browser. */
  declare sessionId: string;
  declare expiresAt: Date;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the token's hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { tokenHash: _secret, ...rest } = super.toJSON<InferAttributes<RememberedBrowser>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineRememberedBrowser(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof RememberedBrowser {
  const model = class extends RememberedBrowser {}.init(
    {
      tokenHash: { type: DataTypes.STRING(64), primaryKey: true, allowNull: false },
      userId: { type: DataTypes.UUID, allowNull: false },
      sessionId: { type: DataTypes.UUID, allowNull: false },
      expiresAt: { type: DataTypes.DATE, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'RememberedBrowser',
      tableName: 'remembered_browsers',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
