import { ConnectionError, DatabaseError, TimeoutError } from 'sequelize';

/**
 * PostgreSQL's classes of errors for lost connections, missing room, and its own end; the system's for
 * a broken connection.
 */
const unavailableCode = /^(08|53|57P0|E(CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)$)/;

/**
 * Tells whether a query failed because the database could not be reached, was busy or (PostgreSQL) had
 * no room, and not because of the query: the same may succeed in a moment.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  if (!(error instanceof DatabaseError)) return false;
  const { code, message } = error.parent as Error & { code?: string };
  // Where the server closed the connection while it was waited for, the driver has no code.
  return unavailableCode.test(code ?? '') || message.startsWith('Connection terminated');
}
