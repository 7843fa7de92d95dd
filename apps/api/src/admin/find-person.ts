import type { Database, User } from '@latchkey/db';
import { cleanIdentifier } from '@latchkey/shared';
import { findTypedPerson } from '../users/find-user.ts';
import { OperatorError } from './operator-error.ts';
import { showText } from './print.ts';

/** The person with this id, email or username. Throws an OperatorError when there is none. */
export async function findPerson(database: Database, typed: string): Promise<User> {
  const found = await findTypedPerson(database, typed);
  if (found) return found;
  throw new OperatorError(
    `No account has the id, email or username "${showText(cleanIdentifier(typed))}". Search for it: npm run admin -- user list --search TEXT`,
  );
}
