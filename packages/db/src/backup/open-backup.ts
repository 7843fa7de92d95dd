import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { QueryTypes } from 'sequelize';
import { openDatabase, type Database } from '../database.ts';
import { listMigrations } from '../migrate.ts';
import type { BackupEnd, BackupHead, BackupRow } from './back-up.ts';
import { listRestoredTables, readPages } from './backup-tables.ts';

/** A backup that can be read, of either database. Take it with `await using`. */
export interface OpenBackup extends AsyncDisposable {
  migrations: string[];
  /** All rows, those of referenced tables first, in pages of one table each. Throws when it is cut off. */
  readPages: () => AsyncIterable<{ table: string; rows: Record<string, unknown>[] }>;
}

const SQLITE_MAGIC = 'SQLite format 3\0';
const PAGE_ROWS = 1000;

/** Opens a backup to read. Throws an Error saying what is wrong with the file. */
export async function openBackup(filePath: string): Promise<OpenBackup> {
  let start: string;
  try {
    const file = await open(filePath);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MAGIC.length));
    await file.close();
    start = buffer.toString('latin1', 0, bytesRead);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The backup cannot be read: ${reason}. Give the path of a backup.`, { cause });
  }
  return start === SQLITE_MAGIC ? openSqliteBackup(filePath) : openJsonBackup(filePath);
}

async function openSqliteBackup(filePath: string): Promise<OpenBackup> {
  await using undoOnFailure = new AsyncDisposableStack();
  // Opening a database changes its file and puts others beside it, so a copy is opened.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-backup-'));
  undoOnFailure.defer(() => rm(folder, { recursive: true, force: true }));
  const copy = path.join(folder, 'backup.sqlite');
  await copyFile(filePath, copy);
  const explain = (cause: unknown) => Promise.reject(notWhole(filePath, cause));
  const database = await openDatabase(`sqlite:${copy}`).catch(explain);
  undoOnFailure.defer(() => database.close());
  const migrations = await checkSqliteFile(database).catch(explain);
  const undo = undoOnFailure.move();
  return {
    migrations,
    async *readPages() {
      for (const model of listRestoredTables(database)) {
        for await (const rows of readPages(model, null)) yield { table: model.tableName, rows };
      }
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

/** The migrations of a file that is sound; throws when it is not. */
async function checkSqliteFile(database: Database): Promise<string[]> {
  const faults = await database.sequelize.query<{ integrity_check: string }>(
    'PRAGMA integrity_check',
    { type: QueryTypes.SELECT },
  );
  if (faults[0]?.integrity_check !== 'ok') throw new Error(faults[0]?.integrity_check);
  return (await listMigrations(database)).executed;
}

async function openJsonBackup(filePath: string): Promise<OpenBackup> {
  const head = await readHead(filePath);
  return {
    migrations: head.migrations,
    async *readPages() {
      let seen = 0;
      let end: BackupEnd | undefined;
      let page: { table: string; rows: Record<string, unknown>[] } | undefined;
      for await (const line of parseLines(filePath)) {
        if ('format' in line) continue;
        if ('rows' in line) {
          end = line;
          continue;
        }
        seen += 1;
        if (page && (page.table !== line.table || page.rows.length >= PAGE_ROWS)) {
          yield page;
          page = undefined;
        }
        page ??= { table: line.table, rows: [] };
        page.rows.push(line.row);
      }
      if (page) yield page;
      if (end?.rows !== seen) throw notWhole(filePath);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

type Line = BackupHead | BackupRow | BackupEnd;

async function* parseLines(filePath: string): AsyncGenerator<Line> {
  await using file = await open(filePath);
  for await (const text of file.readLines()) {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch (cause) {
      throw notWhole(filePath, cause);
    }
    if (typeof line !== 'object' || line === null) throw notWhole(filePath);
    yield line as Line;
  }
}

async function readHead(filePath: string): Promise<BackupHead> {
  for await (const line of parseLines(filePath)) {
    if ('format' in line) return line;
    break;
  }
  throw notWhole(filePath);
}

function notWhole(filePath: string, cause?: unknown): Error {
  return new Error(
    `${filePath} is not a Latchkey backup, or it is damaged or incomplete. Nothing was changed. Use another backup.`,
    { cause },
  );
}
