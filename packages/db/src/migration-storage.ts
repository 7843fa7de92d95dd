import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { UmzugStorage } from 'umzug';
import type { Database } from './database.ts';

/** Keeps the names of executed migrations in the table `migrations`, inside the migration's transaction. */
export function createMigrationStorage(
  sequelize: Sequelize,
  transaction: Transaction,
): UmzugStorage & { executed: () => Promise<string[]> } {
  const run = async (sql: string, name: string) => {
    // Not the database's own: its clock may be in another time zone.
    const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
    await sequelize.query(sql, { replacements: { name, now }, transaction });
  };
  return {
    executed: () => readNames(sequelize, transaction),
    logMigration: ({ name }) =>
      run('INSERT INTO migrations (name, executed_at) VALUES (:name, :now)', name),
    unlogMigration: ({ name }) => run('DELETE FROM migrations WHERE name = :name', name),
  };
}

/** Makes the table where it is missing. Call it under the lock. */
export async function createMigrationTable(
  sequelize: Sequelize,
  transaction: Transaction,
): Promise<void> {
  await sequelize.query(
    `CREATE TABLE IF NOT EXISTS migrations (
      name VARCHAR(255) NOT NULL,
      executed_at TIMESTAMP NOT NULL,
      CONSTRAINT pk_migrations PRIMARY KEY (name)
    )`,
    { transaction },
  );
}

/** Names of the executed migrations; none where the database has never been migrated. */
export async function readExecutedNames({ sequelize, dialect }: Database): Promise<string[]> {
  const [table] = await sequelize.query(
    dialect === 'sqlite'
      ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'"
      : "SELECT 1 WHERE to_regclass('migrations') IS NOT NULL",
    { type: QueryTypes.SELECT },
  );
  return table ? readNames(sequelize, null) : [];
}

async function readNames(sequelize: Sequelize, transaction: Transaction | null): Promise<string[]> {
  const rows = await sequelize.query<{ name: string }>('SELECT name FROM migrations', {
    type: QueryTypes.SELECT,
    transaction,
  });
  return rows.map(({ name }) => name);
}
