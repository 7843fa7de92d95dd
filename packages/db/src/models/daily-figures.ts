import {
  DataTypes,
  Model,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Sequelize,
} from 'sequelize';

/** What was counted in one day, of all processes together. Nothing in it is of a person. */
export class DailyFigures extends Model<
  InferAttributes<DailyFigures>,
  InferCreationAttributes<DailyFigures>
> {
  /** A day in UTC, such as 2026-11-27. */
  declare day: string;
  declare registrations: CreationOptional<number>;
  declare logins: CreationOptional<number>;
  declare failedLogins: CreationOptional<number>;
  declare reads: CreationOptional<number>;
  declare walls: CreationOptional<number>;
}

const count = () => ({ type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 });

/** Makes the model of one database. */
export function defineDailyFigures(sequelize: Sequelize): typeof DailyFigures {
  return class extends DailyFigures {}.init(
    {
      day: { type: DataTypes.DATEONLY, primaryKey: true, allowNull: false },
      registrations: count(),
      logins: count(),
      failedLogins: count(),
      reads: count(),
      walls: count(),
    },
    {
      sequelize,
      modelName: 'DailyFigures',
      tableName: 'daily_figures',
      underscored: true,
      timestamps: false,
    },
  );
}
