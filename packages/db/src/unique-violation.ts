import { UniqueConstraintError } from 'sequelize';

/** What must be unique: `uq_TABLE_COLUMN`. */
export type UniqueConstraintName =
  'uq_users_email' | 'uq_users_username' | 'uq_sessions_token_hash';

/**
 * Tells whether a query failed because of this very constraint, on either database. The class of
 * the error does not tell: on SQLite, Sequelize gives a failed CHECK the same one.
 */
export function isUniqueViolation(error: unknown, name: UniqueConstraintName): boolean {
  if (!(error instanceof UniqueConstraintError)) return false;
  const { message, constraint } = error.parent as Error & { constraint?: string };
  return constraint === name || readSqliteConstraint(message) === name;
}

/** SQLite names an index on an expression (`index 'NAME'`), but of one on a column only `TABLE.COLUMN`. */
function readSqliteConstraint(message: string): string | undefined {
  const match = /UNIQUE constraint failed: (?:index '(\w+)'|(\w+)\.(\w+)$)/.exec(message);
  return match?.[1] ?? (match && `uq_${match[2]}_${match[3]}`) ?? undefined;
}
