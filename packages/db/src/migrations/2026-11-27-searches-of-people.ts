import type { MigrationContext } from './migration.ts';

const columns = ['name', 'email', 'username'];
/** What the operator asks for alone, a few of many. PostgreSQL has JSON as a type, SQLite as a text. */
const states = {
  sqlite: {
    waiting: 'waiting_since IS NOT NULL',
    disabled: 'disabled_at IS NOT NULL',
    roles: `(roles <> '[]' OR role_ends <> '{}')`,
  },
  postgres: {
    waiting: 'waiting_since IS NOT NULL',
    disabled: 'disabled_at IS NOT NULL',
    roles: `(roles <> '[]'::jsonb OR role_ends <> '{}'::jsonb)`,
  },
};

export async function up({ dialect, run }: MigrationContext): Promise<void> {
  for (const column of columns) {
    // In the order of bytes, so that what begins with a text stands together whatever the language.
    const bytes = { sqlite: '', postgres: ' COLLATE "C"' }[dialect];
    await run(`CREATE INDEX ix_users_search_${column} ON users (lower(${column})${bytes}, id)`);
  }
  for (const [name, condition] of Object.entries(states[dialect])) {
    await run(`CREATE INDEX ix_users_${name} ON users (created_at, id) WHERE ${condition}`);
  }
}

export async function down({ run }: MigrationContext): Promise<void> {
  for (const name of Object.keys(states.sqlite)) await run(`DROP INDEX ix_users_${name}`);
  for (const column of columns) await run(`DROP INDEX ix_users_search_${column}`);
}
