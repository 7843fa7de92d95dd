import { columnTypes } from './column-types.ts';
import type { MigrationContext } from './migration.ts';

const isHash = (column: string, length = 64) =>
  `length(${column}) = ${length} AND trim(${column}, '0123456789abcdef') = ''`;

/** On SQLite INTEGER as a key is the number of the row itself, of 64 bits. */
const keyTypes = { sqlite: 'INTEGER', postgres: 'BIGINT' };

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  const { timestamp, boolean } = columnTypes[dialect];
  const key = keyTypes[dialect];
  await run(`CREATE TABLE security_events (
    id ${key},
    created_at ${timestamp} NOT NULL,
    event VARCHAR(40) NOT NULL,
    outcome VARCHAR(90),
    times INTEGER NOT NULL DEFAULT 1,
    is_personal ${boolean} NOT NULL,
    source_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_security_events PRIMARY KEY (id),
    CONSTRAINT ck_security_events_event CHECK (length(event) BETWEEN 1 AND 40),
    CONSTRAINT ck_security_events_outcome CHECK (length(outcome) <= 90),
    CONSTRAINT ck_security_events_source_hash CHECK (${isHash('source_hash')}),
    CONSTRAINT ck_security_events_hash CHECK (${isHash('hash')})
  )`);
  await run(`CREATE TABLE security_event_sources (
    event_id ${key},
    user_id UUID,
    address VARCHAR(45),
    salt VARCHAR(32) NOT NULL,
    CONSTRAINT pk_security_event_sources PRIMARY KEY (event_id),
    CONSTRAINT fk_security_event_sources_event_id_security_events FOREIGN KEY (event_id)
      REFERENCES security_events (id) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT fk_security_event_sources_user_id_users FOREIGN KEY (user_id) REFERENCES users (id)
      ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT ck_security_event_sources_address CHECK (length(address) <= 45),
    CONSTRAINT ck_security_event_sources_salt CHECK (${isHash('salt', 32)})
  )`);
  await run(
    'CREATE INDEX ix_security_event_sources_user_id ON security_event_sources (user_id, event_id)',
  );
  await run(`CREATE TABLE security_log_ends (
    id INTEGER,
    last_id BIGINT NOT NULL,
    last_hash VARCHAR(64) NOT NULL,
    purged_id BIGINT NOT NULL,
    purged_hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_security_log_ends PRIMARY KEY (id)
  )`);
}

export async function down({ run }: MigrationContext): Promise<void> {
  await run('DROP TABLE security_log_ends');
  await run('DROP TABLE security_event_sources');
  await run('DROP TABLE security_events');
}
