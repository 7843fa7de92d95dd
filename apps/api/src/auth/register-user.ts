import { isUniqueViolation, type User } from '@latchkey/db';
import type { RegisterInput } from '@latchkey/shared';
import { findNewPasswordFault, type PasswordFault } from '../passwords/password-rules.ts';
import type { ServerDeps } from '../server-deps.ts';
import { findUserByEmail, findUserByUsername } from './find-user.ts';

export type Registration =
  | { outcome: 'registered'; user: User }
  | { outcome: 'email-taken' }
  | { outcome: 'username-taken' }
  | { outcome: PasswordFault };

/** Makes an account, or says why not. The database's own constraints decide between two at once. */
export async function registerUser(
  deps: ServerDeps,
  { name, email, username, password }: RegisterInput,
): Promise<Registration> {
  const { database, passwords } = deps;
  const fault = findNewPasswordFault(deps, { name, email, username }, password);
  if (fault) return { outcome: fault };
  if (await findUserByEmail(database, email)) return { outcome: 'email-taken' };
  if (username && (await findUserByUsername(database, username))) {
    return { outcome: 'username-taken' };
  }
  const passwordHash = await passwords.hash(password);
  try {
    const user = await database.User.create({
      name,
      email,
      username: username ?? null,
      passwordHash,
    });
    return { outcome: 'registered', user };
  } catch (error) {
    if (isUniqueViolation(error, 'uq_users_email')) return { outcome: 'email-taken' };
    if (isUniqueViolation(error, 'uq_users_username')) return { outcome: 'username-taken' };
    throw error;
  }
}
