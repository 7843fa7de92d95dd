import type { Database, User } from '@latchkey/db';
import { cleanIdentifier } from '@latchkey/shared';
import { findUser } from '../users/find-user.ts';
import { OperatorError } from './operator-error.ts';
import { showText } from './print.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isId = (text: string) => uuid.test(text);

/** The person with this id, email or username. Throws an OperatorError when there is none. */
export async function findPerson(database: Database, typed: string): Promise<User> {
  const text = cleanIdentifier(typed);
  const found = isId(text)
    ? await database.User.findByPk(text.toLowerCase())
    : await findUser(database, text);
  if (found) return found;
  throw new OperatorError(
    `No account has the id, email or username "${showText(text)}". Search for it: npm run admin -- user list --search TEXT`,
  );
}
