import type { User } from '@latchkey/db';
import type { SecondFactor } from '@latchkey/shared';
import { QueueFullError } from '../passwords/password-hasher.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { findUser } from '../users/find-user.ts';

export type Login =
  /** With `secondFactor` nobody is signed in yet: one of these has to be shown first. */
  | { outcome: 'logged-in'; user: User; secondFactor?: SecondFactor[] }
  | { outcome: 'unknown-email' }
  | { outcome: 'wrong-password'; user: User }
  | { outcome: 'disabled'; user: User }
  /** The password is right, and the operator has not approved the account yet. */
  | { outcome: 'waiting'; user: User };

/**
 * Whether a password opens an account. Every failure takes the same work, whoever is asked for. A hash
 * with an older cost than the current one is replaced on success, and so is one of another program, if
 * what was typed is sure to be the password (record 14).
 */
export async function logInUser(
  { database, passwords }: ServerDeps,
  identifier: string,
  password: string,
): Promise<Login> {
  const user = await findUser(database, identifier);
  const { isMatch, needsRehash } = await passwords.verify(password, user?.passwordHash ?? null, {
    mayOpen: !user?.disabledAt,
  });
  if (!user) return { outcome: 'unknown-email' };
  if (!isMatch) return { outcome: 'wrong-password', user };
  if (user.disabledAt) return { outcome: 'disabled', user };
  if (user.waitingSince) return { outcome: 'waiting', user };
  if (needsRehash) await replaceHash({ database, passwords }, user, password);
  return { outcome: 'logged-in', user };
}

/** Hashes a password anew with the current cost; under overload that waits for the next log-in. */
async function replaceHash(
  { database, passwords }: Pick<ServerDeps, 'database' | 'passwords'>,
  user: User,
  password: string,
): Promise<void> {
  const { id, passwordHash } = user;
  try {
    const stronger = await passwords.hash(password);
    // Only in the place of the hash that was verified: the password may have been changed meanwhile.
    const [count] = await database.User.update(
      { passwordHash: stronger },
      { where: { id, passwordHash } },
    );
    if (count > 0) user.passwordHash = stronger;
  } catch (error) {
    if (!(error instanceof QueueFullError)) throw error;
  }
}
