import type { Dialect } from '../database-url.ts';

/** What a migration works with. `run` executes one SQL statement inside the migration's transaction. */
export interface MigrationContext {
  dialect: Dialect;
  run: (sql: string) => Promise<void>;
}

/**
 * One step of the schema. It runs in a transaction with foreign keys enforced, so on SQLite do not
 * rebuild a table that others reference: dropping the old copy would delete their rows with it.
 */
export interface Migration {
  name: string;
  up: (context: MigrationContext) => Promise<void>;
  down: (context: MigrationContext) => Promise<void>;
}
