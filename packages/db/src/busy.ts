import { ConnectionAcquireTimeoutError, TimeoutError } from 'sequelize';

/**
 * Whether a query failed only because it waited too long: for SQLite's one writer, an import perhaps,
 * or for one of PostgreSQL's connections. It may be asked again.
 */
export function isDatabaseBusy(error: unknown): boolean {
  return error instanceof TimeoutError || error instanceof ConnectionAcquireTimeoutError;
}
