import { isUniqueViolation, type Database, type User } from '@latchkey/db';
import type { ChangePasswordInput, UpdateInput } from '@latchkey/shared';
import { Op } from 'sequelize';
import { endEmailChange } from '../email-links/email-link.ts';
import { revokeFeedAddress } from '../feed/feed-address.ts';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import { endPasswordReset } from '../password-resets/password-reset.ts';
import type { Context } from '../procedures/context.ts';
import { forgetBrowsers } from '../second-factors/remembered-browser.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { renewSession } from '../sessions/session.ts';

/** Who changes something, and from where. */
type Actor = Pick<Context, 'deps' | 'request'>;

type ProfileChange =
  | { outcome: 'saved' | 'unchanged'; user: User }
  | { outcome: 'username-taken' }
  /** The person was deleted meanwhile. */
  | { outcome: 'gone' };

/** The fields that were given and are not so already; null takes the username away. */
function findChanges(user: User, { name, username }: UpdateInput) {
  return {
    ...(name !== undefined && name !== user.name && { name }),
    ...(username !== undefined && username !== (user.username ?? null) && { username }),
  };
}

const isEmpty = (changes: object) => Object.keys(changes).length === 0;

/** Saves what it is given and leaves the rest alone: another window may be changing that. */
export async function updateProfile(
  { sequelize, User }: Database,
  user: User,
  input: UpdateInput,
): Promise<ProfileChange> {
  if (isEmpty(findChanges(user, input))) return { outcome: 'unchanged', user };
  try {
    return await sequelize.transaction(async (transaction): Promise<ProfileChange> => {
      // Read again and held: of two that save the same at once, the second changes nothing.
      const lock = transaction.LOCK.UPDATE;
      const current = await User.findByPk(user.id, { transaction, lock });
      if (!current) return { outcome: 'gone' };
      const changes = findChanges(current, input);
      if (isEmpty(changes)) return { outcome: 'unchanged', user: current };
      return { outcome: 'saved', user: await current.update(changes, { transaction }) };
    });
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_username')) return { outcome: 'username-taken' };
    throw error;
  }
}

/** Gives the account another email. A link to set its password, perhaps made for the former one, ends. */
export async function changeEmail(
  database: Database,
  user: User,
  email: string,
): Promise<'changed' | 'email-taken'> {
  try {
    await database.sequelize.transaction(async (transaction) => {
      await database.User.update({ email }, { where: { id: user.id }, transaction });
      await endPasswordReset(database, user.id, transaction);
      await endEmailChange(database, user.id, transaction);
    });
    return 'changed';
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_email')) return 'email-taken';
    throw error;
  }
}

export type PasswordChange =
  /** The new token of this session; null when somebody ended the session meanwhile. */
  | { outcome: 'changed'; token: string | null; passwordHash: string; isFeedRevoked: boolean }
  /** What was verified is no longer the account's password. */
  | { outcome: 'changed-meanwhile' };

/**
 * Puts a new hash in the place of the one that was verified, ends the person's other sessions, their
 * feed's address, any link to set the password and a change of the email that waits, and gives this
 * session a new token, in one transaction. Throws `QueueFullError` under overload.
 */
export async function replacePassword(
  actor: Actor,
  { user, session }: LiveSession,
  newPassword: ChangePasswordInput['newPassword'],
): Promise<PasswordChange> {
  const { database, passwords } = actor.deps;
  const passwordHash = await passwords.hash(newPassword);
  return database.sequelize.transaction(async (transaction) => {
    const [count] = await database.User.update(
      { passwordHash },
      { where: { id: user.id, passwordHash: user.passwordHash }, transaction },
    );
    if (count === 0) return { outcome: 'changed-meanwhile' };
    await endPasswordReset(database, user.id, transaction);
    await endEmailChange(database, user.id, transaction);
    await database.Session.destroy({
      where: { userId: user.id, id: { [Op.ne]: session.id } },
      transaction,
    });
    await forgetBrowsers(database, { userId: user.id, butOf: session.id }, transaction);
    const isFeedRevoked = await revokeFeedAddress(database, user.id, transaction);
    const token = await renewSession(database, session, { hasSecondFactor: false, transaction });
    await enqueueNotice(actor, { kind: 'password-changed', user }, transaction);
    return { outcome: 'changed', token, passwordHash, isFeedRevoked };
  });
}
