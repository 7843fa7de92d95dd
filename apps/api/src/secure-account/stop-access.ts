import type { Database, User } from '@latchkey/db';
import type { Transaction } from 'sequelize';
import { endEmailChange } from '../email-links/email-link.ts';
import { revokeFeedAddress } from '../feed/feed-address.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { endPasswordReset } from '../password-resets/password-reset.ts';
import { RESET_MAIL } from '../password-resets/reset-link.ts';
import { makeUnmatchedHash } from '../passwords/unmatched-hash.ts';
import { removeFactorsSince } from '../second-factors/list-factors.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import { endDeviceKey } from '../sessions/device-key.ts';
import type { Settings } from '../settings/settings.ts';
import { findPersonOfLink, takeSecureLink } from './secure-link.ts';

type Parts = { database: Database; settings: Settings };
export type Securing =
  { outcome: 'secured'; user: User; isFeedRevoked: boolean } | { outcome: 'link-expired' };

/**
 * Stops whoever is in an account: all sessions end, the password opens it no more, what is pending is
 * undone, a second factor that was added since is removed, and a link to set a new password goes to the
 * account's email.
 */
export async function stopAccess({ database, settings }: Parts, token: string): Promise<Securing> {
  const found = await findPersonOfLink(database, token);
  if (!found) return { outcome: 'link-expired' };
  const { userId: id, noticedAt } = found;
  return database.sequelize.transaction(async (transaction): Promise<Securing> => {
    // The person's row before any other, as whoever changes a password does: none waits for the other.
    const lock = transaction.LOCK.UPDATE;
    const where = { id, disabledAt: null };
    const user = await database.User.findOne({ where, transaction, lock });
    const isTaken =
      user &&
      (await takeSecureLink(database, { token, userId: id, email: user.email }, transaction));
    if (!isTaken) return { outcome: 'link-expired' };
    // Whoever knows the old one must not be back before its owner has set another.
    await user.update({ passwordHash: makeUnmatchedHash(settings.password) }, { transaction });
    await removeFactorsSince(database, id, noticedAt, transaction);
    const isFeedRevoked = await undoPending(database, id, transaction);
    await enqueueMail(
      database,
      { kind: RESET_MAIL, userId: id, recipient: user.email },
      transaction,
    );
    return { outcome: 'secured', user, isFeedRevoked };
  });
}

/** Ends all that an intruder may have begun. True where the person's feed had an address. */
async function undoPending(
  database: Database,
  userId: string,
  transaction: Transaction,
): Promise<boolean> {
  await database.Session.destroy({ where: { userId }, transaction });
  await endPasswordReset(database, userId, transaction);
  await database.Mail.destroy({ where: { userId, kind: RESET_MAIL, sentAt: null }, transaction });
  await endEmailChange(database, userId, transaction);
  await endDeviceKey(database, userId, transaction);
  await forgetBrowsers(database, { userId }, transaction);
  await database.OidcAttempt.destroy({ where: { userId }, transaction });
  await database.PendingLogin.destroy({ where: { userId }, transaction });
  return revokeFeedAddress(database, userId, transaction);
}
