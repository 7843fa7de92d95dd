import type { Database, Mail } from '@latchkey/db';
import type { Transaction } from 'sequelize';

const KEPT_TRYING_MS = 24 * 3_600_000;

/** A mail to be written and sent. `details` is what its template needs, and never a secret. */
export type QueuedMail = {
  kind: string;
  userId?: string;
  recipient?: string;
  details?: Record<string, string>;
  /** How long it waits for others that go with it. */
  waitMs?: number;
};

/** When a mail that waits from now on is given up. */
export const nextGiveUp = (): Date => new Date(Date.now() + KEPT_TRYING_MS);

/**
 * Puts a mail into the queue, in the transaction of what it tells of: both happen or neither does. The
 * worker of any process sends it within seconds.
 */
export function enqueueMail(
  { Mail }: Database,
  { waitMs = 0, ...mail }: QueuedMail,
  transaction?: Transaction,
): Promise<Mail> {
  const waiting = { ...mail, nextAttemptAt: new Date(Date.now() + waitMs), giveUpAt: nextGiveUp() };
  return Mail.create(waiting, { ...(transaction && { transaction }) });
}
