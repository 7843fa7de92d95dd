import type { OperatorEvent } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { showTime } from '../text/show-time.ts';
import type { ActContext } from './act-context.ts';
import { batches } from './batches.ts';
import { logAct } from './log-act.ts';

/** What an operator did, for the security logs of the people it was done to. */
export type Act = {
  event: OperatorEvent;
  detail?: string;
  /** When it ends by itself. */
  until?: Date | undefined;
  /** For the person alone: the operator's log is kept when they are erased, and names nobody. */
  reason?: string | undefined;
};

/** What an operator's act is called in the security log; an import of many people is one row of its own. */
const names: Record<Exclude<OperatorEvent, 'imported-by-operator'>, string> = {
  'made-by-operator': 'user_created',
  'approved-by-operator': 'user_updated',
  'disabled-by-operator': 'user_updated',
  'enabled-by-operator': 'user_updated',
  'role-given': 'privilege_permissions_changed',
  'role-taken': 'privilege_permissions_changed',
  'signed-out-by-operator': 'session_ended',
  'factors-removed-by-operator': 'user_updated',
  'reset-link-made': 'authn_token_created',
};

/**
 * Writes a line into each of these people's own security logs, and a row into the operator's, in one
 * transaction with the act.
 */
export async function recordAct(
  context: ActContext,
  userIds: string[],
  act: Act,
  transaction: Transaction,
): Promise<void> {
  const { event, detail, until, reason } = act;
  const end = until && `until ${showTime(until)}`;
  const note = [end, reason].filter(Boolean).join('; ') || null;
  for (const batch of batches(userIds)) {
    const lines = batch.map((userId) => ({ userId, event, detail: detail ?? null, note }));
    await context.database.Activity.bulkCreate(lines, { transaction });
  }
  if (event === 'imported-by-operator') return;
  const named = detail === undefined ? event : `${event}: ${detail}`;
  const outcome = end ? `${named} ${end}` : named;
  const rows = userIds.map((userId) => ({ event: names[event], outcome, userId }));
  await logAct(context, rows, transaction);
}
