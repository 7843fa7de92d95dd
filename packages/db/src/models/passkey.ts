import {
  DataTypes,
  Model,
  type CreationOptional,
  type ForeignKey,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';
import { NAME_MAX_LENGTH } from '@latchkey/shared';
import type { User } from './user.ts';

/** A passkey of a person: what its device signs log-ins with. Only the public half is here. */
export class Passkey extends Model<InferAttributes<Passkey>, InferCreationAttributes<Passkey>> {
  /** The id that its device gave it, in base64url. */
  declare id: string;
  declare userId: ForeignKey<string>;
  /** The public key as COSE has it, in base64url. */
  declare publicKey: string;
  /** How often its device says that it has signed; many devices always say 0. */
  declare counter: number;
  /** How a browser reaches its device. */
  declare transports: string[];
  declare name: string;
  /** Whether it is kept in more places than one device. */
  declare backedUp: boolean;
  declare lastUsedAt: CreationOptional<Date | null>;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the key. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { publicKey: _key, ...rest } = super.toJSON<InferAttributes<Passkey>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function definePasskey(sequelize: Sequelize, userModel: typeof User): typeof Passkey {
  const model = class extends Passkey {}.init(
    {
      id: { type: DataTypes.STRING(1400), primaryKey: true, allowNull: false },
      userId: { type: DataTypes.UUID, allowNull: false },
      publicKey: { type: DataTypes.STRING(2000), allowNull: false },
      counter: { type: DataTypes.BIGINT, allowNull: false, get: readCounter },
      transports: { type: DataTypes.JSONB, allowNull: false },
      name: { type: DataTypes.STRING(NAME_MAX_LENGTH), allowNull: false },
      backedUp: { type: DataTypes.BOOLEAN, allowNull: false },
      lastUsedAt: { type: DataTypes.DATE },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'Passkey', tableName: 'passkeys', underscored: true, updatedAt: false },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}

/** PostgreSQL's driver gives a bigint as text. */
function readCounter(this: Passkey): number {
  const counter = this.getDataValue('counter') as number | string;
  return Number(counter);
}
