import type { Database } from '@latchkey/db';
import type { OperatorEvent } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { batches } from './batches.ts';
import { logAct, nameAct } from './log-act.ts';
import { showTime } from './print.ts';

/** What an operator did, for the security logs of the people it was done to. */
export type Act = {
  event: OperatorEvent;
  detail?: string;
  /** When it ends by itself. */
  until?: Date | undefined;
  /** For the person alone: the operator's log is kept when they are erased, and names nobody. */
  reason?: string | undefined;
};

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
  const { event, detail, until, reason } = act;
  const end = until && `until ${showTime(until)}`;
  const note = [end, reason].filter(Boolean).join('; ') || null;
  for (const batch of batches(userIds)) {
    const lines = batch.map((userId) => ({ userId, event, detail: detail ?? null, note }));
    await database.Activity.bulkCreate(lines, { transaction });
  }
  const name = nameAct(event);
  if (name === undefined) return;
  const named = detail === undefined ? event : `${event}: ${detail}`;
  const outcome = end ? `${named} ${end}` : named;
  const rows = userIds.map((userId) => ({ event: name, outcome, userId }));
  await logAct(database, rows, transaction);
}
