import type { Database } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { notFound } from '../http/refusal.ts';
import { isOperator } from '../users/operator-role.ts';
import type { ActContext } from './act-context.ts';

export type LockedPerson = InstanceType<Database['User']>;

/**
 * Locks the rows of people and of the operator who acts, in the order in which everybody does: two
 * operators who act on each other must not wait for each other. Returns the people's rows.
 *
 * @throws the refusal of somebody who is no operator, where another operator was faster: of two who
 *   disable each other one stays
 */
export async function lockPeople(
  { database, operator }: ActContext,
  ids: string[],
  transaction: Transaction,
): Promise<LockedPerson[]> {
  const people = await database.User.findAll({
    where: { id: { [Op.in]: [...ids, ...(operator ? [operator.id] : [])] } },
    order: ['id'],
    transaction,
    lock: transaction.LOCK.UPDATE,
  });
  const acting = people.find(({ id }) => id === operator?.id);
  if (operator && (!acting || acting.disabledAt || !isOperator(acting))) throw notFound;
  return people.filter(({ id }) => ids.includes(id));
}

/** The same for one person: their row, or null. */
export async function lockPerson(
  context: ActContext,
  id: string,
  transaction: Transaction,
): Promise<LockedPerson | null> {
  const [person] = await lockPeople(context, [id], transaction);
  return person ?? null;
}
