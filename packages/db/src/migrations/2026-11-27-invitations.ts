import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE invitations (
    id UUID NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    email VARCHAR(254),
    role VARCHAR(30),
    max_uses INTEGER NOT NULL,
    uses_left INTEGER NOT NULL,
    expires_at ${timestamp} NOT NULL,
    revoked_at ${timestamp},
    user_id UUID,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_invitations PRIMARY KEY (id),
    CONSTRAINT uq_invitations_code_hash UNIQUE (code_hash),
    CONSTRAINT fk_invitations_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_invitations_code_hash
      CHECK (length(code_hash) = 64 AND trim(code_hash, '0123456789abcdef') = ''),
    CONSTRAINT ck_invitations_email CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    CONSTRAINT ck_invitations_role CHECK (length(role) BETWEEN 1 AND 30),
    CONSTRAINT ck_invitations_uses_left CHECK (uses_left >= 0 AND uses_left <= max_uses)
  )`);
  await run('CREATE INDEX ix_invitations_created_at_id ON invitations (created_at, id)');
  await run('CREATE INDEX ix_invitations_expires_at ON invitations (expires_at)');
  await run('CREATE INDEX ix_invitations_user_id ON invitations (user_id)');
  await run('ALTER TABLE email_links ADD COLUMN invitation_id UUID');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('ALTER TABLE email_links DROP COLUMN invitation_id');
  await run('DROP TABLE invitations');
}
