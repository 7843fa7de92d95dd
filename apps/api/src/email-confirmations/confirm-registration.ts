import { isUniqueViolation, type Database, type EmailLink, type User } from '@latchkey/db';
import { col, fn, where, type Transaction } from 'sequelize';
import { lockRegistrations } from '../email-links/email-link.ts';
import { SpentInvitationError, type InvitationFault } from '../invitations/invitation.ts';
import { makeAccount } from '../approvals/make-account.ts';
import type { Settings } from '../settings/settings.ts';
import { findUserByEmail, findUserByUsername } from '../users/find-user.ts';

export type Confirmation =
  | { outcome: 'registered'; user: User }
  | { outcome: 'email-taken' | 'link-expired' }
  | { outcome: 'invitation-spent'; fault: InvitationFault };

type Parts = { database: Database; settings: Settings };

/**
 * Makes the account of a registration whose address is confirmed. The other registrations of the address
 * are dropped: whoever confirms first has the account, with their own password. A username that somebody
 * else has taken meanwhile is left out.
 */
export async function confirmRegistration(parts: Parts, link: EmailLink): Promise<Confirmation> {
  const { database } = parts;
  if (await findUserByEmail(database, link.email)) return { outcome: 'email-taken' };
  const username = link.person?.username ?? null;
  const isTaken = username !== null && (await findUserByUsername(database, username));
  try {
    return await finish(parts, link, isTaken ? null : username);
  } catch (error) {
    if (error instanceof SpentInvitationError) {
      return { outcome: 'invitation-spent', fault: error.fault };
    }
    if (isUniqueViolation(error, 'uq_users_email')) return { outcome: 'email-taken' };
    if (!isUniqueViolation(error, 'uq_users_username')) throw error;
    return finish(parts, link, null);
  }
}

function finish(
  parts: Parts,
  { id, tokenHash, email, person, passwordHash, invitationId }: EmailLink,
  username: string | null,
): Promise<Confirmation> {
  const { database } = parts;
  return database.sequelize.transaction(async (transaction): Promise<Confirmation> => {
    const waiting = await lockRegistrations(database, email, transaction);
    const isWaiting = waiting.some((one) => one.id === id && one.tokenHash === tokenHash);
    if (!isWaiting || !person || passwordHash === null) return { outcome: 'link-expired' };
    const account = {
      person: { ...person, email, username, passwordHash },
      invitation: invitationId === null ? null : { id: invitationId },
    };
    const user = await makeAccount(parts, account, transaction);
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
