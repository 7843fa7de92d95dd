import sqlite3 from '#sqlite3';
import type { Database } from '../database.ts';
import type { Dialect } from '../database-url.ts';
import { openDatabase } from '../database.ts';
import { createPostgresDatabase } from './postgres-database.ts';
import { createSqliteDatabase } from './sqlite-database.ts';
import type { TestDatabaseUrl } from './test-database-url.ts';

export { setPragma } from './set-pragma.ts';
export { pgbouncerPath, startPgbouncer } from './pgbouncer.ts';
export { createPostgresDatabase } from './postgres-database.ts';
export { findFreePort, startPostgresServer, type PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database that each test's own is copied from. Never connect to it. */
    postgresTemplateUrl: string;
    /** What `#sqlite3` stands for; only the tests of this package tell. */
    sqliteDriver?: SqliteDriverName;
  }
}

type SqliteDriverName = 'sqlite3' | 'node:sqlite';

/** What `#sqlite3` stands for in this process. */
export const sqliteDriver: SqliteDriverName = 'VERSION' in sqlite3 ? 'sqlite3' : 'node:sqlite';

/** Both dialects, for `describe.each`; PostgreSQL once, whatever the driver of SQLite. */
export const dialects: readonly Dialect[] =
  sqliteDriver === 'sqlite3' ? ['sqlite', 'postgres'] : ['sqlite'];

/** A database of the test's own, open; disposing closes and removes it. */
export interface TestDatabase extends TestDatabaseUrl {
  database: Database;
}

/**
 * Makes a fresh database and gives its address, for a program that opens it by itself. For
 * PostgreSQL, Vitest needs `@latchkey/db/testing/global-setup` as its `globalSetup`.
 */
export async function createTestDatabaseUrl(
  dialect: Dialect,
  content: 'empty' | 'migrated' = 'migrated',
): Promise<TestDatabaseUrl> {
  if (dialect === 'sqlite') return createSqliteDatabase(content);
  const { inject } = await import('vitest');
  return createPostgresDatabase(
    inject('postgresTemplateUrl'),
    content === 'migrated' ? 'copied' : 'empty',
  );
}

/** Makes a fresh database, migrated unless told otherwise, and opens it. Take it with `await using`. */
export async function createTestDatabase(
  dialect: Dialect,
  content: 'empty' | 'migrated' = 'migrated',
): Promise<TestDatabase> {
  await using undoOnFailure = new AsyncDisposableStack();
  const { url } = undoOnFailure.use(await createTestDatabaseUrl(dialect, content));
  const database = await openDatabase(url);
  undoOnFailure.defer(() => database.close());
  const undo = undoOnFailure.move();
  return { url, database, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}
