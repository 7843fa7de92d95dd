import { ConnectionError, DatabaseError, TimeoutError } from 'sequelize';
import { findTroubleKind } from './trouble.ts';

/**
 * Tells whether a query failed because of the database and not because of the query: it could not be
 * reached, was busy, full, read-only, damaged or gone. The same query may succeed once that is mended.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError || error instanceof TimeoutError) return true;
  return error instanceof DatabaseError && findTroubleKind(error) !== null;
}
