import { isUniqueViolation, type Database, type EmailLink, type User } from '@latchkey/db';
import { col, fn, where, type Transaction } from 'sequelize';
import { lockRegistrations } from '../email-links/email-link.ts';
import { findUserByEmail, findUserByUsername } from '../users/find-user.ts';

export type Confirmation =
  { outcome: 'registered'; user: User } | { outcome: 'email-taken' | 'link-expired' };

/**
 * Makes the account of a registration whose address is confirmed. The other registrations of the address
 * are dropped: whoever confirms first has the account, with their own password. A username that somebody
 * else has taken meanwhile is left out.
 */
export async function confirmRegistration(
  database: Database,
  link: EmailLink,
): Promise<Confirmation> {
  if (await findUserByEmail(database, link.email)) return { outcome: 'email-taken' };
  const username = link.person?.username ?? null;
  const isTaken = username !== null && (await findUserByUsername(database, username));
  try {
    return await makeAccount(database, link, isTaken ? null : username);
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_email')) return { outcome: 'email-taken' };
    if (!isUniqueViolation(error, 'uq_users_username')) throw error;
    return makeAccount(database, link, null);
  }
}

function makeAccount(
  database: Database,
  { id, tokenHash, email, person, passwordHash }: EmailLink,
  username: string | null,
): Promise<Confirmation> {
  return database.sequelize.transaction(async (transaction): Promise<Confirmation> => {
    const waiting = await lockRegistrations(database, email, transaction);
    const isWaiting = waiting.some((one) => one.id === id && one.tokenHash === tokenHash);
    if (!isWaiting || !person || passwordHash === null) return { outcome: 'link-expired' };
    const user = await database.User.create(
      { ...person, email, username, passwordHash },
      { transaction },
    );
    const ids = waiting.map((one) => one.id);
    await database.EmailLink.destroy({ where: { id: ids }, transaction });
    await claimMails(database, user, transaction);
    return { outcome: 'registered', user };
  });
}

/** The mails that were sent to the address are the person's from now on, and go with the account. */
async function claimMails({ Mail }: Database, user: User, transaction: Transaction): Promise<void> {
  const toAddress = where(fn('lower', col('recipient')), user.email.toLowerCase());
  await Mail.update({ userId: user.id }, { where: toAddress, transaction });
}
