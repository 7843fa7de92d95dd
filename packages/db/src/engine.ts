import { QueryTypes, type Sequelize } from 'sequelize';
import type { Dialect } from './database-url.ts';

/** The program that keeps the database, such as `{ name: 'SQLite', version: '3.52.0' }`. */
export type Engine = { name: string; version: string };

/** Asks which program it is; also, whether it answers at all. */
export async function readEngine(sequelize: Sequelize, dialect: Dialect): Promise<Engine> {
  const [name, source] =
    dialect === 'sqlite'
      ? ['SQLite', 'sqlite_version()']
      : ['PostgreSQL', "current_setting('server_version')"];
  const [row] = await sequelize.query<{ version: string }>(`SELECT ${source} AS version`, {
    type: QueryTypes.SELECT,
  });
  // Distributors add their own words behind it.
  return { name, version: row?.version.split(' ')[0] ?? '' };
}
