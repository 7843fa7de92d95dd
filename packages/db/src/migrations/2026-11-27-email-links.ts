import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp, boolean } = columnTypes[dialect];
  await run(`CREATE TABLE email_links (
    id UUID NOT NULL,
    purpose VARCHAR(20) NOT NULL,
    email VARCHAR(254) NOT NULL,
    user_id UUID,
    person JSONB,
    password_hash VARCHAR(255),
    stay_signed_in ${boolean},
    next_path VARCHAR(2048),
    token_hash VARCHAR(64),
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_email_links PRIMARY KEY (id),
    CONSTRAINT uq_email_links_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_email_links_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_email_links_purpose CHECK (length(purpose) BETWEEN 1 AND 20),
    CONSTRAINT ck_email_links_email CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    CONSTRAINT ck_email_links_password_hash
      CHECK (password_hash LIKE '$_%' AND length(password_hash) <= 255),
    CONSTRAINT ck_email_links_next_path CHECK (length(next_path) BETWEEN 1 AND 2048),
    CONSTRAINT ck_email_links_token_hash
      CHECK (length(token_hash) = 64 AND trim(token_hash, '0123456789abcdef') = '')
  )`);
  await run('CREATE INDEX ix_email_links_email ON email_links (lower(email))');
  await run('CREATE INDEX ix_email_links_user_id ON email_links (user_id)');
  await run('CREATE INDEX ix_email_links_expires_at ON email_links (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE email_links');
}
