import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp, boolean } = columnTypes[dialect];
  const rolesAreAnArray =
    dialect === 'sqlite'
      ? "json_valid(roles) AND json_type(roles) = 'array'"
      : "jsonb_typeof(roles) = 'array'";
  await run(`CREATE TABLE users (
    id UUID NOT NULL,
    name VARCHAR(80) NOT NULL,
    email VARCHAR(254) NOT NULL,
    username VARCHAR(30),
    password_hash VARCHAR(255) NOT NULL,
    roles JSONB NOT NULL DEFAULT '[]',
    disabled_at ${timestamp},
    created_at ${timestamp} NOT NULL,
    updated_at ${timestamp} NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_name CHECK (length(trim(name)) >= 1 AND length(name) <= 80),
    CONSTRAINT ck_users_email CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    CONSTRAINT ck_users_username CHECK (length(username) BETWEEN 1 AND 30 AND username NOT LIKE '%@%'),
    CONSTRAINT ck_users_password_hash CHECK (password_hash LIKE '$_%' AND length(password_hash) <= 255),
    CONSTRAINT ck_users_roles CHECK (${rolesAreAnArray})
  )`);
  await run('CREATE UNIQUE INDEX uq_users_email ON users (lower(email))');
  await run('CREATE UNIQUE INDEX uq_users_username ON users (lower(username))');
  await run(`CREATE TABLE sessions (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    stay_signed_in ${boolean} NOT NULL,
    address VARCHAR(45),
    user_agent VARCHAR(400),
    authenticated_at ${timestamp} NOT NULL,
    last_seen_at ${timestamp} NOT NULL,
    idle_expires_at ${timestamp} NOT NULL,
    expires_at ${timestamp} NOT NULL,
    created_at ${timestamp} NOT NULL,
    updated_at ${timestamp} NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_sessions_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_sessions_token_hash
      CHECK (length(token_hash) = 64 AND trim(token_hash, '0123456789abcdef') = ''),
    CONSTRAINT ck_sessions_address CHECK (length(address) <= 45),
    CONSTRAINT ck_sessions_user_agent CHECK (length(user_agent) <= 400)
  )`);
  await run('CREATE INDEX ix_sessions_user_id ON sessions (user_id)');
  await run('CREATE INDEX ix_sessions_expires_at ON sessions (expires_at)');
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE sessions');
  await run('DROP TABLE users');
}
