/**
 * Who sends a mail, and how it went. A claim is a time in which no other process takes the mail; where
 * its process is killed, the time ends by itself.
 *
 * @see docs/decisions/0061-mails-wait-in-the-database.md
 */
import { randomUUID } from 'node:crypto';
import type { Database, Mail } from '@latchkey/db';
import { Op } from 'sequelize';
import { hideCodes } from '../process/hide-codes.ts';

/** Longer than any attempt may take. */
const CLAIM_MS = 3 * 60_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
const ERROR_LENGTH = 200;

const findDue = ({ Mail }: Database) =>
  Mail.findOne({
    where: { nextAttemptAt: { [Op.lte]: new Date() } },
    order: [['nextAttemptAt', 'ASC']],
  });

export const isMailDue = async (database: Database): Promise<boolean> =>
  (await findDue(database)) !== null;

/** Takes the mail that has waited longest, for this process alone, or null when none is due. */
export async function claimMail(database: Database): Promise<Mail | null> {
  for (;;) {
    const mail = await findDue(database);
    if (!mail) return null;
    const { id, attempts } = mail;
    const claimedBy = randomUUID();
    const nextAttemptAt = new Date(Date.now() + CLAIM_MS);
    const claim = { claimedBy, nextAttemptAt, attempts: attempts + 1 };
    // Of two processes that saw the same row, the second finds another number of attempts.
    const [count] = await database.Mail.update(claim, { where: { id, attempts } });
    if (count > 0) return mail.set(claim);
  }
}

/** Nothing is written over the claim of another process, which came after this one was over. */
const finish = ({ Mail }: Database, { id, claimedBy }: Mail, values: object) =>
  Mail.update(values, { where: { id, claimedBy } });

export async function markSent(database: Database, mail: Mail): Promise<void> {
  const values = { sentAt: new Date(), nextAttemptAt: null, details: {}, lastError: null };
  await finish(database, mail, values);
}

/** For a mail that has nothing to tell any more, such as a link for an account that is not there. */
export async function dropMail({ Mail }: Database, { id, claimedBy }: Mail): Promise<void> {
  await Mail.destroy({ where: { id, claimedBy } });
}

/** Tries again later, each time after twice the wait, or gives the mail up when its day is over. */
export async function postponeMail(database: Database, mail: Mail, error: string): Promise<void> {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (mail.attempts - 1), LONGEST_WAIT_MS);
  const nextAttemptAt = new Date(Date.now() + wait);
  if (nextAttemptAt > mail.giveUpAt) return giveMailUp(database, mail, error);
  await finish(database, mail, { nextAttemptAt, claimedBy: null, lastError: describe(error) });
}

export async function giveMailUp(database: Database, mail: Mail, error: string): Promise<void> {
  const values = { failedAt: new Date(), nextAttemptAt: null, lastError: describe(error) };
  await finish(database, mail, values);
}

/** Gives up what has waited for a day because the mail server is away; returns how many there were. */
export async function giveUpOldMails({ Mail }: Database, error: string): Promise<number> {
  const now = new Date();
  const where = { nextAttemptAt: { [Op.lte]: now }, giveUpAt: { [Op.lte]: now } };
  const values = { failedAt: now, nextAttemptAt: null, lastError: describe(error) };
  const [count] = await Mail.update(values, { where });
  return count;
}

/** A server may answer with what it was sent. */
const describe = (error: string) => hideCodes(error).slice(0, ERROR_LENGTH).toWellFormed();
