import { ConnectionError, DatabaseError, TimeoutError } from 'sequelize';

/** PostgreSQL's classes of errors for lost connections, missing room, and its own end. */
const unavailableCode = /^(08|53|57P0)/;

/**
 * Tells whether a query failed because the database could not be reached, was busy or had no room,
 * and not because of the query: the same may succeed in a moment.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (!(error instanceof DatabaseError)) return false;
  const { code, message } = error.parent as Error & { code?: string };
  // The driver has no code for a connection that broke while it waited for the answer.
  return unavailableCode.test(code ?? '') || message.startsWith('Connection terminated');
}
