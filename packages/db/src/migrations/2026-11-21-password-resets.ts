import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE password_resets (
    user_id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_password_resets PRIMARY KEY (user_id),
    CONSTRAINT uq_password_resets_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_password_resets_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_password_resets_token_hash
      CHECK (length(token_hash) = 64 AND trim(token_hash, '0123456789abcdef') = '')
  )`);
  await run('CREATE INDEX ix_password_resets_expires_at ON password_resets (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE password_resets');
}
