import type { User } from '@latchkey/db';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import type { Context } from '../procedures/context.ts';
import { holdPerson } from '../second-factors/hold-person.ts';
import { removeLeftovers } from '../second-factors/list-factors.ts';

/** Removes a passkey of a person, and what goes with the last factor; false where it is none of theirs. */
export function removePasskey(
  actor: Pick<Context, 'deps' | 'request'>,
  user: User,
  id: string,
): Promise<boolean> {
  const { database } = actor.deps;
  return database.sequelize.transaction(async (transaction) => {
    await holdPerson(database, user.id, transaction);
    const where = { id, userId: user.id };
    if ((await database.Passkey.destroy({ where, transaction })) === 0) return false;
    await removeLeftovers(database, user.id, transaction);
    await enqueueNotice(actor, { kind: 'passkey-removed', user }, transaction);
    return true;
  });
}
