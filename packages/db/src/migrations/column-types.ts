import type { Dialect } from '../database-url.ts';

/** The column types whose names differ; on SQLite Sequelize reads values by these names. */
export const columnTypes: Record<Dialect, Record<'timestamp' | 'boolean', string>> = {
  sqlite: { timestamp: 'DATETIME', boolean: 'TINYINT(1)' },
  postgres: { timestamp: 'TIMESTAMP WITH TIME ZONE', boolean: 'BOOLEAN' },
};
