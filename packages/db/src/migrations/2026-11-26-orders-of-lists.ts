import type { MigrationContext } from './migration.ts';

/** The operator's lists of people and sessions are read a page at a time, each after the last row of the one before. */
export async function up({ run }: MigrationContext): Promise<void> {
  await run('CREATE INDEX ix_users_created_at_id ON users (created_at, id)');
  await run('CREATE INDEX ix_sessions_last_seen_at_id ON sessions (last_seen_at, id)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP INDEX ix_users_created_at_id');
  await run('DROP INDEX ix_sessions_last_seen_at_id');
}
