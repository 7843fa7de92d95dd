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

/**
 * One article that somebody read for free. It counts for the person, for the browser that it was read
 * in without being signed in, or for both, once the person of that browser logged in.
 */
export class ArticleRead extends Model<
  InferAttributes<ArticleRead>,
  InferCreationAttributes<ArticleRead>
> {
  /** A random UUID, made here. */
  declare id: CreationOptional<string>;
  declare userId: CreationOptional<ForeignKey<string | null>>;
  /** SHA-256 of the browser's reader cookie: 64 lower-case hexadecimal digits. */
  declare visitorHash: CreationOptional<string | null>;
  declare slug: string;
  /** When it was read first: reading it again does not move this. */
  declare readAt: Date;
}

/** Makes the model of one database, its rows deleted with their `User`. */
export function defineArticleRead(
  sequelize: Sequelize,
  userModel: typeof User,
): typeof ArticleRead {
  const model = class extends ArticleRead {}.init(
    {
      id: {
        type: DataTypes.UUID,
        primaryKey: true,
        allowNull: false,
        defaultValue: DataTypes.UUIDV4,
      },
      userId: { type: DataTypes.UUID },
      visitorHash: { type: DataTypes.STRING(64) },
      slug: { type: DataTypes.STRING(200), allowNull: false },
      readAt: { type: DataTypes.DATE, allowNull: false },
    },
    { sequelize, modelName: 'ArticleRead', tableName: 'article_reads', timestamps: false },
  );
  model.belongsTo(userModel, { foreignKey: 'userId', onDelete: 'CASCADE' });
  return model;
}
