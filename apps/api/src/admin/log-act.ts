import type { Database } from '@latchkey/db';
import type { OperatorEvent } from '@latchkey/shared';
import type { Transaction } from 'sequelize';
import { appendEvents, type NewSecurityEvent } from '../security-log/append-events.ts';
import { loadSettings } from '../settings/settings.ts';

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

export const nameAct = (event: OperatorEvent): string | undefined =>
  event === 'imported-by-operator' ? undefined : names[event];

let isLogKept: boolean | undefined;

/** Read once: an import or the end of all sessions is many acts, and a process keeps its settings. */
function keepsLog(): boolean {
  isLogKept ??= loadSettings().securityLogDays > 0;
  return isLogKept;
}

/** Writes an operator's act into the security log, in one transaction with the act. */
export async function logAct(
  database: Database,
  acts: Omit<NewSecurityEvent, 'createdAt'>[],
  transaction: Transaction,
): Promise<void> {
  if (acts.length === 0 || !keepsLog()) return;
  const createdAt = new Date();
  const events = acts.map((act) => ({ ...act, createdAt }));
  await appendEvents(database, events, transaction);
}
