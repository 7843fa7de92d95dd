import type { Database } from '@latchkey/db';
import { Op } from 'sequelize';

const DAY_MS = 86_400_000;

/**
 * The number of the first row after a day (such as 2026-11-27, in UTC). Rows are written in the order of
 * time, but for moments, so it is found by halving: the log needs no index of its times.
 */
export async function findEndOfDay({ SecurityEvent }: Database, day: string): Promise<number> {
  const end = new Date(new Date(day).getTime() + DAY_MS);
  const max = (await SecurityEvent.max<number | string | null, SecurityEventRow>('id')) ?? 0;
  let [low, high] = [0, Number(max) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await SecurityEvent.findOne({
      attributes: ['createdAt'],
      where: { id: { [Op.gte]: middle } },
      order: ['id'],
    });
    if (row && row.createdAt < end) low = middle + 1;
    else high = middle;
  }
  return low;
}
type SecurityEventRow = InstanceType<Database['SecurityEvent']>;
