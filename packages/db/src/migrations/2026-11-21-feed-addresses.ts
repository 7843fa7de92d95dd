import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  await run(`CREATE TABLE feed_addresses (
    user_id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    made_at ${timestamp} NOT NULL,
    last_used_at ${timestamp},
    CONSTRAINT pk_feed_addresses PRIMARY KEY (user_id),
    CONSTRAINT uq_feed_addresses_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_feed_addresses_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_feed_addresses_token_hash
      CHECK (length(token_hash) = 64 AND trim(token_hash, '0123456789abcdef') = '')
  )`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE feed_addresses');
}
