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

/** A person's authenticator app: one at most. Codes are asked for once a first one was confirmed. */
export class Authenticator extends Model<
  InferAttributes<Authenticator>,
  InferCreationAttributes<Authenticator>
> {
  declare userId: ForeignKey<string>;
  /** The encrypted secret that app and server share, at most 255 characters. */
  declare secret: string;
  /** The id of the session that set it up, which may see the secret until it is confirmed. */
  declare startedIn: string;
  /** When a first code was confirmed; null until then. */
  declare confirmedAt: CreationOptional<Date | null>;
  /** The time step, of 30 seconds since 1970, of the last code that was used. */
  declare lastStep: CreationOptional<number | null>;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the secret. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { secret: _secret, ...rest } = super.toJSON<InferAttributes<Authenticator>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineAuthenticator(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof Authenticator {
  const model = class extends Authenticator {}.init(
    {
      userId: { type: DataTypes.UUID, primaryKey: true, allowNull: false },
      secret: { type: DataTypes.STRING(255), allowNull: false },
      startedIn: { type: DataTypes.UUID, allowNull: false },
      confirmedAt: { type: DataTypes.DATE },
      lastStep: { type: DataTypes.INTEGER },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'Authenticator',
      tableName: 'authenticators',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
