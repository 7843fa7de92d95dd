import type { Database } from '@latchkey/db';
import type { Transaction } from 'sequelize';

/** Keeps whoever else changes the factors of a person waiting until the transaction ends. */
export async function holdPerson(
  { User }: Database,
  id: string,
  transaction: Transaction,
): Promise<void> {
  await User.findByPk(id, { transaction, lock: transaction.LOCK.UPDATE });
}
