import { Op, type Includeable, type Model, type ModelStatic, type WhereOptions } from 'sequelize';

/** Few questions for a million rows, and little memory for each. */
const PAGE_ROWS = 5000;

type Order = {
  where?: WhereOptions;
  include?: Includeable;
  attributes?: string[];
  /** By this column, and by `id` where it is the same. */
  by: [column: string, direction: 'ASC' | 'DESC'];
  pageRows?: number;
};

/**
 * The rows of a table in an order, however many: they are read a page at a time, each of which goes on
 * after the last row of the one before.
 */
export async function* readInOrder<Row extends Model>(
  model: ModelStatic<Row>,
  { where = {}, include, attributes, by: [column, direction], pageRows = PAGE_ROWS }: Order,
): AsyncGenerator<Row> {
  const [further, notNearer] = direction === 'ASC' ? [Op.gt, Op.gte] : [Op.lt, Op.lte];
  const isAfter = (row: Row) => {
    const value: unknown = row.get(column);
    // The first condition is implied by the second, and an index of the column starts at it.
    return {
      [column]: { [notNearer]: value },
      [Op.or]: [{ [column]: { [further]: value } }, { id: { [further]: row.get('id') } }],
    };
  };
  for (let last: Row | undefined; ;) {
    const page: Row[] = await model.findAll({
      where: { [Op.and]: [where, ...(last ? [isAfter(last)] : [])] } as WhereOptions,
      ...(include && { include }),
      ...(attributes && { attributes }),
      order: [
        [column, direction],
        ['id', direction],
      ],
      limit: pageRows,
    });
    yield* page;
    if (page.length < pageRows) return;
    last = page.at(-1);
  }
}
