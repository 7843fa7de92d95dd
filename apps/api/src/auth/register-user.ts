import { isUniqueViolation, type User } from '@latchkey/db';
import type { RegisterInput } from '@latchkey/shared';
import {
  findPasswordFault,
  listContextWords,
  type PasswordFault,
} from '../passwords/password-rules.ts';
import type { ServerDeps } from '../server-deps.ts';
import { findUserByEmail, findUserByUsername } from './find-user.ts';

export type Registration =
  | { outcome: 'registered'; user: User }
  | { outcome: 'email-taken' }
  | { outcome: 'username-taken' }
  | { outcome: PasswordFault };

const siteWords = ['Latchkey'];

/** Makes an account, or says why not. The database's own constraints decide between two at once. */
export async function registerUser(
  { database, settings, passwords, commonPasswords }: ServerDeps,
  { name, email, username, password }: RegisterInput,
): Promise<Registration> {
  const words = [...siteWords, new URL(settings.publicOrigin).hostname, name, email, username];
  const fault = findPasswordFault(password, listContextWords(words), commonPasswords);
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
