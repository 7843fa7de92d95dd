import type { Database } from '@latchkey/db';
import type { OperatorEvent } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { batches } from './batches.ts';

/** What an operator did, for the security logs of the people it was done to. */
export type Act = { event: OperatorEvent; detail?: string };

/** Writes a line into each of these people's own security logs, in one transaction with the act. */
export async function recordAct(
  { Activity }: Database,
  userIds: string[],
  act: Act,
  transaction: Transaction,
): Promise<void> {
  for (const batch of batches(userIds)) {
    const lines = batch.map((userId) => ({ userId, ...act }));
    await Activity.bulkCreate(lines, { transaction });
  }
}
