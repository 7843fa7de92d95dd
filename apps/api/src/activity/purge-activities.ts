import { deleteInSlices, readInOrder, type Database, type SliceOptions } from '@latchkey/db';
import { col, fn, Op, where } from 'sequelize';
import { KEPT_PER_PERSON } from './list-activities.ts';

const HOUR_MS = 3_600_000;
const KEPT_MS = 365 * 24 * HOUR_MS;
/** Longer than from one purge to the next. */
const RECENT_MS = 2 * HOUR_MS;
const SLICE_ROWS = 500;

/** Deletes the lines that are older than a year or too many, and returns how many there were. */
export async function purgeOldActivities(
  database: Database,
  slices: SliceOptions = {},
  most = KEPT_PER_PERSON,
): Promise<number> {
  const { Activity } = database;
  const oldest = new Date(Date.now() - KEPT_MS);
  let deleted = await deleteInSlices(Activity, { createdAt: { [Op.lt]: oldest } }, slices);
  for await (const userId of findTalkative(database, most)) {
    if (slices.signal?.aborted) break;
    deleted += await deleteBeyond(database, userId, most, slices);
  }
  return deleted;
}

/** Who has too many lines is among those who made one of late: only these are counted. */
async function* findTalkative({ Activity }: Database, most: number): AsyncGenerator<string> {
  const recent = readInOrder(Activity, {
    where: { createdAt: { [Op.gt]: new Date(Date.now() - RECENT_MS) } },
    attributes: ['id', 'userId', 'createdAt'],
    by: ['createdAt', 'ASC'],
    pageRows: SLICE_ROWS,
  });
  let ids = new Set<string>();
  const findAmong = () =>
    Activity.findAll({
      attributes: ['userId'],
      where: { userId: [...ids] },
      group: ['user_id'],
      having: where(fn('count', col('id')), Op.gt, most),
    });
  for await (const { userId } of recent) {
    ids.add(userId);
    if (ids.size < SLICE_ROWS) continue;
    for (const talkative of await findAmong()) yield talkative.userId;
    ids = new Set();
  }
  for (const talkative of await findAmong()) yield talkative.userId;
}

async function deleteBeyond(
  { Activity }: Database,
  userId: string,
  most: number,
  slices: SliceOptions,
): Promise<number> {
  const firstTooMany = await Activity.findOne({
    where: { userId },
    order: [['createdAt', 'DESC']],
    offset: most,
  });
  if (!firstTooMany) return 0;
  const { createdAt } = firstTooMany;
  return deleteInSlices(Activity, { userId, createdAt: { [Op.lte]: createdAt } }, slices);
}
