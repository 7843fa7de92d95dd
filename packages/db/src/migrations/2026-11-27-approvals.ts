import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  await run(`ALTER TABLE users ADD COLUMN waiting_since ${columnTypes[dialect].timestamp}`);
  await run('CREATE INDEX ix_users_waiting_since ON users (waiting_since)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP INDEX ix_users_waiting_since');
  await run('ALTER TABLE users DROP COLUMN waiting_since');
}
