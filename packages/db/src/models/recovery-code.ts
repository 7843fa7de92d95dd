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

/** One recovery code that was not used yet. A used one is deleted. */
export class RecoveryCode extends Model<
  InferAttributes<RecoveryCode>,
  InferCreationAttributes<RecoveryCode>
> {
  /** SHA-256 of the code: 64 lower-case hexadecimal digits. */
  declare codeHash: string;
  declare userId: ForeignKey<string>;
  declare createdAt: CreationOptional<Date>;

  /** The attributes without the code's hash. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Sequelize's signature
  override toJSON<T extends object>(): T {
    const { codeHash: _secret, ...rest } = super.toJSON<InferAttributes<RecoveryCode>>();
    return rest as object as T;
  }
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineRecoveryCode(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof RecoveryCode {
  const model = class extends RecoveryCode {}.init(
    {
      codeHash: { type: DataTypes.STRING(64), primaryKey: true, allowNull: false },
      userId: { type: DataTypes.UUID, allowNull: false },
      createdAt: { type: DataTypes.DATE, allowNull: false },
    },
    {
      sequelize,
      modelName: 'RecoveryCode',
      tableName: 'recovery_codes',
      underscored: true,
      updatedAt: false,
    },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
