import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { TestDatabaseUrl } from './test-database-url.ts';

/** Bytes of a migrated database, made once a process. */
let migratedFile: Promise<Buffer> | undefined;

/** Makes a database file in a folder of its own; an empty one is made only when it is opened. */
export async function createSqliteDatabase(
  content: 'empty' | 'migrated',
): Promise<TestDatabaseUrl> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-test-'));
  const filePath = path.join(folder, 'test.sqlite');
  if (content === 'migrated') {
    migratedFile ??= makeMigratedFile();
    await writeFile(filePath, await migratedFile, { mode: 0o600 });
  }
  return {
    url: `sqlite:${filePath}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makeMigratedFile(): Promise<Buffer> {
  await using empty = await createSqliteDatabase('empty');
  const database = await openDatabase(empty.url);
  await migrate(database);
  await database.close();
  return await readFile(empty.url.slice('sqlite:'.length));
}
