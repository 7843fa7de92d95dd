import { isUniqueViolation, type Database, type User } from '@latchkey/db';
import type { ChangePasswordInput, UpdateInput } from '@latchkey/shared';
import { Op } from 'sequelize';
import { revokeFeedAddress } from '../feed/feed-address.ts';
import { endPasswordReset } from '../password-resets/password-reset.ts';
import type { ServerDeps } from '../server-deps.ts';
import { renewSession, type LiveSession } from '../sessions/session.ts';

/** Saves the name and, where one is given, the username; null takes it away. */
export async function updateProfile(
  user: User,
  { name, username }: UpdateInput,
): Promise<'saved' | 'username-taken'> {
  try {
    await user.update({ name, ...(username !== undefined && { username }) });
    return 'saved';
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_username')) return 'username-taken';
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
      await user.update({ email }, { transaction });
      await endPasswordReset(database, user.id, transaction);
    });
    return 'changed';
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_email')) return 'email-taken';
    throw error;
  }
}

export type PasswordChange =
  /** The new token of this session; null when somebody ended the session meanwhile. */
  | { outcome: 'changed'; token: string | null; isFeedRevoked: boolean }
  /** What was verified is no longer the account's password. */
  | { outcome: 'changed-meanwhile' };

/**
 * Puts a new hash in the place of the one that was verified, ends the person's other sessions, their
 * feed's address and any link to set the password, and gives this session a new token, in one
 * transaction. Throws `QueueFullError` under overload.
 */
export async function replacePassword(
  { database, passwords }: Pick<ServerDeps, 'database' | 'passwords'>,
  { user, session }: LiveSession,
  newPassword: ChangePasswordInput['newPassword'],
): Promise<PasswordChange> {
  const passwordHash = await passwords.hash(newPassword);
  return database.sequelize.transaction(async (transaction) => {
    const [count] = await database.User.update(
      { passwordHash },
      { where: { id: user.id, passwordHash: user.passwordHash }, transaction },
    );
    if (count === 0) return { outcome: 'changed-meanwhile' };
    await endPasswordReset(database, user.id, transaction);
    await database.Session.destroy({
      where: { userId: user.id, id: { [Op.ne]: session.id } },
      transaction,
    });
    const isFeedRevoked = await revokeFeedAddress(database, user.id, transaction);
    const token = await renewSession(database, session, transaction);
    return { outcome: 'changed', token, isFeedRevoked };
  });
}
