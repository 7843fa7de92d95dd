import { Op, type Model, type ModelStatic, type WhereOptions } from 'sequelize';

const PAGE_LENGTH = 50;

/** A row that is listed by when it was made. */
type Listed = Model & { id: string; createdAt: Date };

/**
 * A page of the rows of a table, the newest first. It goes on after the row with the id `cursor`, and is
 * empty where that is gone.
 */
export async function findPage<Row extends Listed>(
  model: ModelStatic<Row>,
  { where = [], cursor }: { where?: WhereOptions[]; cursor?: string | undefined },
): Promise<{ rows: Row[]; isMore: boolean }> {
  const last = cursor === undefined ? undefined : await model.findByPk(cursor);
  if (last === null) return { rows: [], isMore: false };
  const isOlder = last && {
    // The first condition is implied by the second, and an index of the column starts at it.
    createdAt: { [Op.lte]: last.createdAt },
    [Op.or]: [{ createdAt: { [Op.lt]: last.createdAt } }, { id: { [Op.lt]: last.id } }],
  };
  const found = await model.findAll({
    where: { [Op.and]: isOlder ? [...where, isOlder] : where } as WhereOptions,
    order: [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ],
    limit: PAGE_LENGTH + 1,
  });
  return { rows: found.slice(0, PAGE_LENGTH), isMore: found.length > PAGE_LENGTH };
}
