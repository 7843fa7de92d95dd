import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

const hasHash = (column: string) =>
  `length(${column}) = 64 AND trim(${column}, '0123456789abcdef') = ''`;

const ofUser = (table: string) =>
  `CONSTRAINT fk_${table}_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE`;

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp, boolean } = columnTypes[dialect];
  await run(`CREATE TABLE authenticators (
    user_id UUID NOT NULL,
    secret VARCHAR(255) NOT NULL,
    started_in UUID NOT NULL,
    confirmed_at ${timestamp},
    last_step INTEGER,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_authenticators PRIMARY KEY (user_id),
    ${ofUser('authenticators')},
    CONSTRAINT ck_authenticators_secret CHECK (length(secret) BETWEEN 1 AND 255)
  )`);
  await run(`CREATE TABLE recovery_codes (
    code_hash VARCHAR(64) NOT NULL,
    user_id UUID NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (code_hash),
    ${ofUser('recovery_codes')},
    CONSTRAINT ck_recovery_codes_code_hash CHECK (${hasHash('code_hash')})
  )`);
  await run('CREATE INDEX ix_recovery_codes_user_id ON recovery_codes (user_id)');
  await run(`CREATE TABLE pending_logins (
    token_hash VARCHAR(64) NOT NULL,
    user_id UUID NOT NULL,
    proof_hash VARCHAR(64) NOT NULL,
    stay_signed_in ${boolean} NOT NULL,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_pending_logins PRIMARY KEY (token_hash),
    ${ofUser('pending_logins')},
    CONSTRAINT ck_pending_logins_token_hash CHECK (${hasHash('token_hash')}),
    CONSTRAINT ck_pending_logins_proof_hash CHECK (${hasHash('proof_hash')})
  )`);
  await run('CREATE INDEX ix_pending_logins_user_id ON pending_logins (user_id)');
  await run('CREATE INDEX ix_pending_logins_expires_at ON pending_logins (expires_at)');
  await run(`CREATE TABLE remembered_browsers (
    token_hash VARCHAR(64) NOT NULL,
    user_id UUID NOT NULL,
    session_id UUID NOT NULL,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_remembered_browsers PRIMARY KEY (token_hash),
    ${ofUser('remembered_browsers')},
    CONSTRAINT ck_remembered_browsers_token_hash CHECK (${hasHash('token_hash')})
  )`);
  await run('CREATE INDEX ix_remembered_browsers_user_id ON remembered_browsers (user_id)');
  await run('CREATE INDEX ix_remembered_browsers_expires_at ON remembered_browsers (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  for (const table of ['remembered_browsers', 'pending_logins', 'recovery_codes', 'authenticators'])
    await run(`DROP TABLE ${table}`);
}
