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

/** One line of a person's own security log. */
export class Activity extends Model<InferAttributes<Activity>, InferCreationAttributes<Activity>> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare userId: ForeignKey<string>;
  /** What happened: one of `activityEvents` in packages/shared. */
  declare event: string;
  /** What it was about, such as the role that was given, at most 40 characters. */
  declare detail: CreationOptional<string | null>;
  /** What else is known of it, such as why and until when, at most 200 characters. */
  declare note: CreationOptional<string | null>;
  /** Where it came from, IPv4 or IPv6, at most 45 characters; null for what the operator did. */
  declare address: CreationOptional<string | null>;
  /** At most 400 characters: cut it before. */
  declare userAgent: CreationOptional<string | null>;
  declare createdAt: CreationOptional<Date>;
  declare updatedAt: CreationOptional<Date>;
}

/** Makes the model of one database. */
export function defineActivity(sequelize: Sequelize, userModel: typeof User): typeof Activity {
  const model = class extends Activity {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      userId: { type: DataTypes.UUID, allowNull: false },
      event: { type: DataTypes.STRING(40), allowNull: false },
      detail: { type: DataTypes.STRING(40) },
      note: { type: DataTypes.STRING(200) },
      address: { type: DataTypes.STRING(45) },
      userAgent: { type: DataTypes.STRING(400) },
      createdAt: { type: DataTypes.DATE, allowNull: false },
      updatedAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'Activity', tableName: 'activities', underscored: true },
  );
  model.belongsTo(userModel, { as: 'user', foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
