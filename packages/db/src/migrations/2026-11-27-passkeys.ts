import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

const hasHash = (column: string) =>
  `length(${column}) = 64 AND trim(${column}, '0123456789abcdef') = ''`;

const ofUser = (table: string) =>
  `CONSTRAINT fk_${table}_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE`;

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp, boolean } = columnTypes[dialect];
  const isArray =
    dialect === 'sqlite'
      ? "json_valid(transports) AND json_type(transports) = 'array'"
      : "jsonb_typeof(transports) = 'array'";
  await run(`CREATE TABLE passkeys (
    id VARCHAR(1400) NOT NULL,
    user_id UUID NOT NULL,
    public_key VARCHAR(2000) NOT NULL,
    counter BIGINT NOT NULL,
    transports JSONB NOT NULL,
    name VARCHAR(80) NOT NULL,
    backed_up ${boolean} NOT NULL,
    last_used_at ${timestamp},
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_passkeys PRIMARY KEY (id),
    ${ofUser('passkeys')},
    CONSTRAINT ck_passkeys_id CHECK (length(id) BETWEEN 1 AND 1400),
    CONSTRAINT ck_passkeys_public_key CHECK (length(public_key) BETWEEN 1 AND 2000),
    CONSTRAINT ck_passkeys_counter CHECK (counter >= 0),
    CONSTRAINT ck_passkeys_transports CHECK (${isArray}),
    CONSTRAINT ck_passkeys_name CHECK (length(trim(name)) > 0 AND length(name) <= 80)
  )`);
  await run('CREATE INDEX ix_passkeys_user_id ON passkeys (user_id)');
  await run(`CREATE TABLE passkey_challenges (
    challenge_hash VARCHAR(64) NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    purpose VARCHAR(20) NOT NULL,
    user_id UUID,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_passkey_challenges PRIMARY KEY (challenge_hash),
    ${ofUser('passkey_challenges')},
    CONSTRAINT ck_passkey_challenges_challenge_hash CHECK (${hasHash('challenge_hash')}),
    CONSTRAINT ck_passkey_challenges_browser_hash CHECK (${hasHash('browser_hash')}),
    CONSTRAINT ck_passkey_challenges_purpose CHECK (purpose IN ('registration', 'login'))
  )`);
  await run('CREATE INDEX ix_passkey_challenges_user_id ON passkey_challenges (user_id)');
  await run('CREATE INDEX ix_passkey_challenges_expires_at ON passkey_challenges (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  for (const table of ['passkey_challenges', 'passkeys']) await run(`DROP TABLE ${table}`);
}
