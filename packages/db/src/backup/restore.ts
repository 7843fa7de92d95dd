import type { Transaction } from 'sequelize';
import type { Database } from '../database.ts';
import { listMigrations } from '../migrate.ts';
import { listRestoredTables, listTables } from './backup-tables.ts';
import { openBackup } from './open-backup.ts';

export type Restoration =
  | { outcome: 'restored'; rows: number }
  | { outcome: 'not-empty' }
  | { outcome: 'migrations-differ' };

/**
 * Whether nothing is in the database that a restoration would overwrite. The security log and
 * the daily figures do not count: a site that nobody has an account at yet writes them too.
 */
export async function isDatabaseEmpty(
  database: Database,
  transaction: Transaction | null = null,
): Promise<boolean> {
  const { SecurityEvent, SecurityEventSource, SecurityLogEnd, DailyFigures } = database;
  const logs = [SecurityEvent, SecurityEventSource, SecurityLogEnd, DailyFigures].map(
    ({ tableName }) => tableName,
  );
  for (const model of listRestoredTables(database)) {
    if (logs.includes(model.tableName)) continue;
    if (await model.findOne({ transaction })) return false;
  }
  return true;
}

/**
 * Puts a backup of either database in the place of all that is in this one, in one transaction.
 * Sessions, addresses of feeds and links to set a password end. Throws an Error when the backup cannot
 * be read; nothing has changed then.
 */
export async function restore(
  database: Database,
  filePath: string,
  { overwrite }: { overwrite: boolean },
): Promise<Restoration> {
  await using backup = await openBackup(filePath);
  const { executed } = await listMigrations(database);
  if (executed.toSorted().join() !== backup.migrations.toSorted().join()) {
    return { outcome: 'migrations-differ' };
  }
  const restored = new Map(listRestoredTables(database).map((model) => [model.tableName, model]));
  // Awaited here: the backup must stay open until the last row is in.
  return await database.sequelize.transaction(async (transaction): Promise<Restoration> => {
    await lockTables(database, transaction);
    if (!overwrite && !(await isDatabaseEmpty(database, transaction))) {
      return { outcome: 'not-empty' };
    }
    for (const model of listTables(database).toReversed()) {
      await model.destroy({ where: {}, transaction });
    }
    let count = 0;
    for await (const { table, rows } of backup.readPages()) {
      const model = restored.get(table);
      if (!model) continue;
      await model.bulkCreate(rows, { transaction });
      count += rows.length;
    }
    await continueNumbering(database, transaction);
    return { outcome: 'restored', rows: count };
  });
}

/** On SQLite BEGIN IMMEDIATE has the whole file. */
async function lockTables(database: Database, transaction: Transaction): Promise<void> {
  if (database.dialect === 'sqlite') return;
  const tables = listTables(database).map(({ tableName }) => `"${tableName}"`);
  await database.sequelize.query(`LOCK TABLE ${tables.join(', ')} IN EXCLUSIVE MODE`, {
    transaction,
  });
}

/** PostgreSQL counts apart from the rows: the next number must come after those that were restored. */
async function continueNumbering(database: Database, transaction: Transaction): Promise<void> {
  if (database.dialect === 'sqlite') return;
  for (const model of listRestoredTables(database)) {
    const numbered = Object.values(model.getAttributes()).find(
      ({ autoIncrement }) => autoIncrement,
    );
    if (!numbered?.field) continue;
    await database.sequelize.query(
      `SELECT setval(pg_get_serial_sequence('"${model.tableName}"', '${numbered.field}'),
        (SELECT coalesce(max("${numbered.field}"), 0) + 1 FROM "${model.tableName}"), false)`,
      { transaction },
    );
  }
}
