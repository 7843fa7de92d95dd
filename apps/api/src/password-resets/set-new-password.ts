import type { Database, User } from '@latchkey/db';
import type { ResetPasswordInput } from '@latchkey/shared';
import { findNewPasswordFault, type PasswordFault } from '../passwords/password-rules.ts';
import type { ServerDeps } from '../server-deps.ts';
import { findPersonOfReset, takePasswordReset } from './password-reset.ts';

export type PasswordSetting =
  { outcome: 'password-set'; user: User } | { outcome: 'invalid-reset-link' | PasswordFault };

/**
 * Sets the password of the person whose link it is, uses the link up and ends all of their sessions,
 * or says why not. Throws `QueueFullError` under overload.
 */
export async function setNewPassword(
  deps: ServerDeps,
  { token, newPassword }: ResetPasswordInput,
): Promise<PasswordSetting> {
  const { database, passwords } = deps;
  const user = await findPersonOfReset(database, token);
  // Refused without a hash's work: that it is quick tells nothing, as nobody guesses 256 random bits.
  if (!user) return { outcome: 'invalid-reset-link' };
  const fault = findNewPasswordFault(deps, user, newPassword);
  if (fault) return { outcome: fault };
  const passwordHash = await passwords.hash(newPassword);
  return (await replaceHash(database, { id: user.id, token, passwordHash }))
    ? { outcome: 'password-set', user }
    : { outcome: 'invalid-reset-link' };
}

async function replaceHash(
  database: Database,
  { id, token, passwordHash }: { id: string; token: string; passwordHash: string },
): Promise<boolean> {
  const { sequelize, User, Session } = database;
  return sequelize.transaction(async (transaction) => {
    // The person's row before any other, as whoever changes a password does: none waits for the other.
    const lock = transaction.LOCK.UPDATE;
    const user = await User.findOne({ where: { id, disabledAt: null }, transaction, lock });
    if (!user || !(await takePasswordReset(database, token, transaction))) return false;
    await user.update({ passwordHash }, { transaction });
    await Session.destroy({ where: { userId: id }, transaction });
    return true;
  });
}
