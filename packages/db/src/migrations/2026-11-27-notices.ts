import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

/** The mail is purged before its link is over, so the link does not reference it. */
export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE secure_links (
    mail_id UUID NOT NULL,
    user_id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_secure_links PRIMARY KEY (mail_id),
    CONSTRAINT uq_secure_links_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_secure_links_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_secure_links_email CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    CONSTRAINT ck_secure_links_token_hash
      CHECK (length(token_hash) = 64 AND trim(token_hash, '0123456789abcdef') = '')
  )`);
  await run('CREATE INDEX ix_secure_links_expires_at ON secure_links (expires_at)');
  await run('CREATE INDEX ix_secure_links_user_id ON secure_links (user_id)');
  await run(`CREATE TABLE device_keys (
    user_id UUID NOT NULL,
    secret VARCHAR(43) NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_device_keys PRIMARY KEY (user_id),
    CONSTRAINT fk_device_keys_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_device_keys_secret CHECK (length(secret) = 43)
  )`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE device_keys');
  await run('DROP TABLE secure_links');
}
