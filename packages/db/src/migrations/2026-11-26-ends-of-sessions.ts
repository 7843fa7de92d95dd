import type { MigrationContext } from './migration.ts';

/** A session's idle end is never later than its end, so the purge asks for the idle end alone. */
export async function up({ run }: MigrationContext): Promise<void> {
  await run('CREATE INDEX ix_sessions_idle_expires_at ON sessions (idle_expires_at)');
  await run('DROP INDEX ix_sessions_expires_at');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('CREATE INDEX ix_sessions_expires_at ON sessions (expires_at)');
  await run('DROP INDEX ix_sessions_idle_expires_at');
}
