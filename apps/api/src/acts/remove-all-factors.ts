import type { User } from '@latchkey/db';
import { removeFactors } from '../second-factors/list-factors.ts';
import type { ActContext } from './act-context.ts';
import { lockPerson } from './lock-person.ts';
import { recordAct } from './record-act.ts';

/**
 * Removes the second factors of a person who has lost them, and ends their sessions. Returns how many
 * sessions there were, or null where there was no second factor.
 */
export function removeAllFactors(
  context: ActContext,
  { id }: Pick<User, 'id'>,
): Promise<number | null> {
  const { database } = context;
  return database.sequelize.transaction(async (transaction) => {
    await lockPerson(context, id, transaction);
    if ((await removeFactors(database, id, transaction)) === 0) return null;
    await recordAct(context, [id], { event: 'factors-removed-by-operator' }, transaction);
    return database.Session.destroy({ where: { userId: id }, transaction });
  });
}
