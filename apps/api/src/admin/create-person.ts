import { randomBytes } from 'node:crypto';
import { isUniqueViolation, type Database, type User } from '@latchkey/db';
import { registerInput } from '@latchkey/shared';
import { createPasswordHasher } from '../passwords/password-hasher.ts';
import type { Settings } from '../settings.ts';
import { OperatorError, UsageError } from './operator-error.ts';

const PASSWORD_BYTES = 15;

export type NewPerson = { name: string; email: string; username: string | undefined };

/**
 * Makes an account with a random password, which is returned and known to nobody afterwards.
 *
 * @see docs/decisions/0012-accounts-made-by-an-operator.md
 */
export async function createPerson(
  database: Database,
  settings: Settings,
  person: NewPerson,
  roles: string[],
): Promise<{ user: User; password: string }> {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const parsed = registerInput.safeParse({ ...person, password });
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    throw new UsageError(`Nobody was added. ${sentences.join(' ')}`);
  }
  const { name, email, username = null } = parsed.data;
  const passwords = createPasswordHasher(settings.password);
  try {
    const passwordHash = await passwords.hash(password);
    const user = await database.User.create({ name, email, username, roles, passwordHash });
    return { user, password };
  } catch (error) {
    const taken = isUniqueViolation(error, 'uq_users_email')
      ? `email ${email}`
      : isUniqueViolation(error, 'uq_users_username') && `username ${String(username)}`;
    if (!taken) throw error;
    throw new OperatorError(
      `Nobody was added: somebody has the ${taken} already. Choose another, or look at them with npm run admin -- user show.`,
    );
  } finally {
    await passwords.close();
  }
}
