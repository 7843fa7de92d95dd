import type { Database } from '@latchkey/db';
import type { OperatorEvent } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { batches } from './batches.ts';
import { logAct, nameAct } from './log-act.ts';

/** What an operator did, for the security logs of the people it was done to. */
export type Act = { event: OperatorEvent; detail?: string };

/**
 * Writes a line into each of these people's own security logs, and a row into the operator's, in one
 * transaction with the act.
 */
export async function recordAct(
  database: Database,
  userIds: string[],
  act: Act,
  transaction: Transaction,
): Promise<void> {
  for (const batch of batches(userIds)) {
    const lines = batch.map((userId) => ({ userId, ...act }));
    await database.Activity.bulkCreate(lines, { transaction });
  }
  const name = nameAct(act.event);
  if (name === undefined) return;
  const outcome = act.detail === undefined ? act.event : `${act.event}: ${act.detail}`;
  const rows = userIds.map((userId) => ({ event: name, outcome, userId }));
  await logAct(database, rows, transaction);
}
