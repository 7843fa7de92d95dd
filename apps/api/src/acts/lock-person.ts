import type { Database } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import type { ActContext } from './act-context.ts';

export type LockedPerson = InstanceType<Database['User']>;

/**
 * Locks the rows of somebody and of the operator who acts, in the order in which everybody does: two
 * operators who act on each other must not wait for each other. Returns the person's row, or null.
 */
export async function lockPerson(
  { database, operator }: ActContext,
  id: string,
  transaction: Transaction,
): Promise<LockedPerson | null> {
  const people = await database.User.findAll({
    where: { id: { [Op.in]: [id, ...(operator ? [operator.id] : [])] } },
    order: ['id'],
    transaction,
    lock: transaction.LOCK.UPDATE,
  });
  return people.find((user) => user.id === id) ?? null;
}
