import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

/** Only what waits has a time of its next attempt: the index is as small as the queue. */
export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE mails (
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    user_id UUID,
    recipient VARCHAR(254),
    details JSONB NOT NULL DEFAULT '{}',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_attempt_at ${timestamp},
    give_up_at ${timestamp} NOT NULL,
    claimed_by UUID,
    sent_at ${timestamp},
    failed_at ${timestamp},
    last_error VARCHAR(200),
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_mails PRIMARY KEY (id),
    CONSTRAINT fk_mails_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_mails_kind CHECK (length(kind) BETWEEN 1 AND 40),
    CONSTRAINT ck_mails_recipient CHECK (recipient LIKE '%_@_%' AND length(recipient) <= 254),
    CONSTRAINT ck_mails_last_error CHECK (length(last_error) <= 200)
  )`);
  await run(
    'CREATE INDEX ix_mails_next_attempt_at ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
  );
  await run('CREATE INDEX ix_mails_created_at_id ON mails (created_at, id)');
  await run('CREATE INDEX ix_mails_user_id ON mails (user_id)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE mails');
}
