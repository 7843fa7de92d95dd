import { deleteInSlices, type Database, type SliceOptions } from '@latchkey/db';
import { Op } from 'sequelize';

const DAY_MS = 24 * 3_600_000;
const KEPT_SENT_MS = 7 * DAY_MS;
const KEPT_FAILED_MS = 30 * DAY_MS;

/** Deletes mails that were sent a week ago or given up a month ago, and returns how many there were. */
export async function purgeOldMails({ Mail }: Database, slices?: SliceOptions): Promise<number> {
  const before = (ms: number) => ({ [Op.lt]: new Date(Date.now() - ms) });
  // By the age of the row first, which has an index.
  const sent = { createdAt: before(KEPT_SENT_MS), sentAt: before(KEPT_SENT_MS) };
  const failed = { createdAt: before(KEPT_FAILED_MS), failedAt: before(KEPT_FAILED_MS) };
  return (await deleteInSlices(Mail, sent, slices)) + (await deleteInSlices(Mail, failed, slices));
}
