import type { Database } from '@latchkey/db';
import { holdPerson } from '../second-factors/hold-person.ts';
import { removeLeftovers } from '../second-factors/list-factors.ts';

/** Removes a passkey of a person, and what goes with the last factor; false where it is none of theirs. */
export function removePasskey(
  database: Database,
  where: { userId: string; id: string },
): Promise<boolean> {
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, where.userId, transaction);
    const count = await database.Passkey.destroy({ where, transaction });
    if (count > 0) await removeLeftovers(database, where.userId, transaction);
    return count > 0;
  });
}
