import type { MigrationContext } from './migration.ts';

/**
 * Operators read the security log by kinds of events, of which some are few among a million rows; with the
 * outcome in it the index answers alone. Mails that were not sent are few among those that were.
 */
export async function up({ run }: MigrationContext): Promise<void> {
  await run('CREATE INDEX ix_security_events_event_id ON security_events (event, id, outcome)');
  await run('CREATE INDEX ix_mails_unsent ON mails (created_at, id) WHERE sent_at IS NULL');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP INDEX ix_mails_unsent');
  await run('DROP INDEX ix_security_events_event_id');
}
