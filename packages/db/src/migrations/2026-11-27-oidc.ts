import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

const hasHash = (column: string) =>
  `length(${column}) = 64 AND trim(${column}, '0123456789abcdef') = ''`;

const ofUser = (table: string) =>
  `CONSTRAINT fk_${table}_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE`;

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp } = columnTypes[dialect];
  const isArray =
    dialect === 'sqlite'
      ? "json_valid(roles) AND json_type(roles) = 'array'"
      : "jsonb_typeof(roles) = 'array'";
  await run(`CREATE TABLE oidc_identities (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    issuer VARCHAR(500) NOT NULL,
    subject VARCHAR(255) NOT NULL,
    roles JSONB NOT NULL DEFAULT '[]',
    last_used_at ${timestamp},
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_oidc_identities PRIMARY KEY (id),
    CONSTRAINT uq_oidc_identities_issuer_subject UNIQUE (issuer, subject),
    ${ofUser('oidc_identities')},
    CONSTRAINT ck_oidc_identities_issuer CHECK (length(issuer) BETWEEN 1 AND 500),
    CONSTRAINT ck_oidc_identities_subject CHECK (length(subject) BETWEEN 1 AND 255),
    CONSTRAINT ck_oidc_identities_roles CHECK (${isArray})
  )`);
  await run('CREATE INDEX ix_oidc_identities_user_id ON oidc_identities (user_id)');
  await run(`CREATE TABLE oidc_attempts (
    state_hash VARCHAR(64) NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    purpose VARCHAR(20) NOT NULL,
    user_id UUID,
    next_path VARCHAR(2048),
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    CONSTRAINT pk_oidc_attempts PRIMARY KEY (state_hash),
    ${ofUser('oidc_attempts')},
    CONSTRAINT ck_oidc_attempts_state_hash CHECK (${hasHash('state_hash')}),
    CONSTRAINT ck_oidc_attempts_browser_hash CHECK (${hasHash('browser_hash')}),
    CONSTRAINT ck_oidc_attempts_purpose CHECK (purpose IN ('login', 'link', 'proof')),
    CONSTRAINT ck_oidc_attempts_next_path CHECK (length(next_path) BETWEEN 1 AND 2048)
  )`);
  await run('CREATE INDEX ix_oidc_attempts_user_id ON oidc_attempts (user_id)');
  await run('CREATE INDEX ix_oidc_attempts_expires_at ON oidc_attempts (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  for (const table of ['oidc_attempts', 'oidc_identities']) await run(`DROP TABLE ${table}`);
}
