import type { User } from '@latchkey/db';
import type { ResetPasswordInput } from '@latchkey/shared';
import { endEmailChange } from '../email-links/email-link.ts';
import { revokeFeedAddress } from '../feed/feed-address.ts';
import { judgeNewPassword, type PasswordFault } from '../passwords/password-rules.ts';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import type { Context } from '../procedures/context.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import { findPersonOfReset, takePasswordReset } from './password-reset.ts';

/** Who sets it, and from where. */
type Actor = Pick<Context, 'deps' | 'request'>;

export type PasswordSetting =
  | { outcome: 'password-set'; user: User; isFeedRevoked: boolean }
  | { outcome: 'invalid-reset-link' | PasswordFault };

/**
 * Sets the password of the person whose link it is, uses the link up and ends all of their sessions,
 * their feed's address and a change of their email that waits, or says why not. Throws `QueueFullError`
 * under overload.
 *
 * @param goOn throws where nothing may be changed any more
 */
export async function setNewPassword(
  actor: Actor,
  { token, newPassword }: ResetPasswordInput,
  goOn: () => void,
): Promise<PasswordSetting> {
  const { deps } = actor;
  const { database, passwords } = deps;
  const user = await findPersonOfReset(database, token);
  // Refused without a hash's work: that it is quick tells nothing, as nobody guesses 256 random bits.
  if (!user) return { outcome: 'invalid-reset-link' };
  const fault = await judgeNewPassword(deps, user, newPassword);
  if (fault) return { outcome: fault };
  const passwordHash = await passwords.hash(newPassword);
  goOn();
  return replaceHash(actor, { user, token, passwordHash });
}

async function replaceHash(
  actor: Actor,
  { user: { id }, token, passwordHash }: { user: User; token: string; passwordHash: string },
): Promise<PasswordSetting> {
  const { database } = actor.deps;
  const { sequelize, User, Session } = database;
  return sequelize.transaction(async (transaction): Promise<PasswordSetting> => {
    // The person's row before any other, as whoever changes a password does: none waits for the other.
    const lock = transaction.LOCK.UPDATE;
    const user = await User.findOne({ where: { id, disabledAt: null }, transaction, lock });
    if (!user || !(await takePasswordReset(database, token, transaction))) {
      return { outcome: 'invalid-reset-link' };
    }
    await user.update({ passwordHash }, { transaction });
    await Session.destroy({ where: { userId: id }, transaction });
    await forgetBrowsers(database, { userId: id }, transaction);
    await endEmailChange(database, id, transaction);
    const isFeedRevoked = await revokeFeedAddress(database, id, transaction);
    await enqueueNotice(actor, { kind: 'password-reset', user }, transaction);
    return { outcome: 'password-set', user, isFeedRevoked };
  });
}
