import type { Transaction } from 'sequelize';
import { appendEvents, type NewSecurityEvent } from '../security-log/append-events.ts';
import type { ActContext } from './act-context.ts';

/** What the OWASP Logging Vocabulary calls whatever an operator does. */
export const ACT_EVENT = 'authz_admin';

type LoggedAct = Omit<NewSecurityEvent, 'createdAt'>;

/** A row of the operator's own, before those that say to whom it was done. */
function describeOperator({ operator }: ActContext, [act]: LoggedAct[]): LoggedAct[] {
  if (!operator) return [];
  const { id: userId, address } = operator;
  return [{ event: ACT_EVENT, outcome: act?.outcome, userId, address }];
}

/** Writes an operator's act into the security log, in one transaction with the act. */
export async function logAct(
  context: ActContext,
  acts: LoggedAct[],
  transaction: Transaction,
): Promise<void> {
  const { database, settings } = context;
  if (acts.length === 0 || settings.securityLogDays === 0) return;
  const createdAt = new Date();
  // Where it is about nobody's account, the operator's own row is all there is.
  const about = context.operator ? acts.filter(({ event }) => event !== ACT_EVENT) : acts;
  const events = [...describeOperator(context, acts), ...about];
  const rows = events.map((event) => ({ ...event, createdAt }));
  await appendEvents(database, rows, transaction);
}
