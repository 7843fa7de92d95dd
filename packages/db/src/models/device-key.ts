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

/** The secret with which the browsers of a person are told from others, whatever their password is. */
export class DeviceKey extends Model<
  InferAttributes<DeviceKey>,
  InferCreationAttributes<DeviceKey>
> {
  declare userId: ForeignKey<string>;
  /** 256 random bits in base64url. */
  declare secret: string;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the secret. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { secret: _secret, ...rest } = super.toJSON<InferAttributes<DeviceKey>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineDeviceKey(sequelize: Sequelize, userModel: typeof User): typeof DeviceKey {
  const model = class extends DeviceKey {}.init(
    {
      userId: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      secret: { type: DataTypes.STRING(43), allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'DeviceKey',
      tableName: 'device_keys',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
