import type { Database, Mail } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { nextGiveUp } from './enqueue-mail.ts';

/** What the queue holds. `oldestSeconds` is how long the oldest mail has waited; 0 where none does. */
export type MailCounts = { waiting: number; failed: number; oldestSeconds: number };

export async function countMails(database: Database): Promise<MailCounts> {
  const { Mail: mails } = database;
  const isWaiting = { nextAttemptAt: { [Op.ne]: null } };
  const [waiting, failed, oldest] = await Promise.all([
    mails.count({ where: isWaiting }),
    // What was not sent has an index; nothing that was sent has failed.
    mails.count({ where: { sentAt: null, failedAt: { [Op.ne]: null } } }),
    mails.min<Date | string | null, Mail>('createdAt', { where: isWaiting }),
  ]);
  const since = oldest === null ? Date.now() : new Date(oldest).getTime();
  return { waiting, failed, oldestSeconds: Math.max(0, Math.round((Date.now() - since) / 1000)) };
}

/**
 * Makes mails due that wait for their next attempt or were given up, for another day; not one that is
 * being sent. Returns how many there were.
 */
export async function retryMails(
  { Mail }: Database,
  id?: string,
  transaction?: Transaction,
): Promise<number> {
  const isIdle = { nextAttemptAt: { [Op.ne]: null }, claimedBy: null };
  const isStuck = { sentAt: null, [Op.or]: [isIdle, { failedAt: { [Op.ne]: null } }] };
  const where = id === undefined ? isStuck : { ...isStuck, id };
  const again = {
    nextAttemptAt: new Date(),
    giveUpAt: nextGiveUp(),
    failedAt: null,
    claimedBy: null,
  };
  const options = { where, ...(transaction && { transaction }) };
  const [count] = await Mail.update({ ...again, attempts: 0 }, options);
  return count;
}

/** How many mails were sent; they are kept for a week. */
export async function countSentMails({ Mail: mails }: Database): Promise<number> {
  // Two indexes count faster than the rows are read.
  const [all, unsent] = await Promise.all([
    mails.count(),
    mails.count({ where: { sentAt: null } }),
  ]);
  return Math.max(0, all - unsent);
}
