import { deleteInSlices, type Database, type SliceOptions } from '@latchkey/db';
import { Op } from 'sequelize';
import { addDays, nameDay } from './days.ts';

/** A year, and a month for whoever looks at it late. */
const KEPT_DAYS = 400;

/** Deletes the figures of days that are kept no longer, and returns of how many. */
export function purgeOldFigures(
  { DailyFigures }: Database,
  slices?: SliceOptions,
): Promise<number> {
  const before = addDays(nameDay(Date.now()), -KEPT_DAYS);
  return deleteInSlices(DailyFigures, { day: { [Op.lt]: before } }, slices);
}
