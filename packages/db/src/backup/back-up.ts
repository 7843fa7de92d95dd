import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { Transaction } from 'sequelize';
import type { Database } from '../database.ts';
import { listMigrations } from '../migrate.ts';
import { listTables, readPages } from './backup-tables.ts';

/** First line of a backup that is no SQLite file. */
export type BackupHead = { format: 'latchkey-backup'; version: 1; migrations: string[] };
export type BackupRow = { table: string; row: Record<string, unknown> };
/** Last line: a file without it was cut off. */
export type BackupEnd = { rows: number };

/**
 * Writes a consistent copy of the database to a file with mode 600, while others read and write. Of
 * SQLite it is a database of its own, of PostgreSQL JSON lines. The file has its name only when it is
 * whole, and replaces one of the same name.
 */
export async function backUp(database: Database, filePath: string): Promise<void> {
  // A name that nobody can have taken before, for another file or a link to one.
  const partial = `${filePath}.${randomBytes(6).toString('hex')}.partial`;
  // The file is there, empty and private, before the first byte of a password hash.
  const file = await open(partial, 'wx', 0o600);
  try {
    if (database.dialect === 'sqlite') {
      await database.sequelize.query('VACUUM INTO :partial', { replacements: { partial } });
    } else {
      await writeRows(database, file);
    }
    await file.sync();
    await rename(partial, filePath);
  } catch (error) {
    // SQLite leaves its journal beside a copy that found no room.
    await Promise.all([partial, `${partial}-journal`].map((left) => rm(left, { force: true })));
    throw error;
  } finally {
    await file.close();
  }
}

async function writeRows(database: Database, file: FileHandle): Promise<void> {
  const { migrations, isolationLevel } = {
    migrations: (await listMigrations(database)).executed,
    isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ,
  };
  const writeLines = (lines: (BackupHead | BackupRow | BackupEnd)[]) =>
    file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

  await writeLines([{ format: 'latchkey-backup', version: 1, migrations }]);
  await database.sequelize.transaction({ isolationLevel }, async (transaction) => {
    let rows = 0;
    for (const model of listTables(database)) {
      for await (const page of readPages(model, transaction)) {
        await writeLines(page.map((row) => ({ table: model.tableName, row })));
        rows += page.length;
      }
    }
    await writeLines([{ rows }]);
  });
}
