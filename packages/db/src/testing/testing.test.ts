import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { isDatabaseReady } from '../readiness.ts';
import { createTestDatabase, createTestDatabaseUrl, dialects, sqliteDriver } from './index.ts';

describe.each(dialects)('test databases on %s', (dialect) => {
  test('are migrated, or empty when asked for', async () => {
    await using migrated = await createTestDatabase(dialect);
    await using empty = await createTestDatabase(dialect, 'empty');
    expect(await isDatabaseReady(migrated.database)).toBe(true);
    expect(await isDatabaseReady(empty.database)).toBe(false);
  });

  test('can be made many at once', async () => {
    const places = await Promise.all(
      Array.from({ length: 5 }, () => createTestDatabaseUrl(dialect)),
    );
    expect(new Set(places.map(({ url }) => url)).size).toBe(5);
    await Promise.all(places.map((place) => place[Symbol.asyncDispose]()));
  });

  test('are gone when disposed, even with a connection still open', async () => {
    const place = await createTestDatabaseUrl(dialect);
    const forgotten = await openDatabase(place.url);
    await place[Symbol.asyncDispose]();
    if (dialect === 'sqlite') {
      expect(existsSync(path.dirname(place.url.slice('sqlite:'.length)))).toBe(false);
    } else {
      await expect(openDatabase(place.url)).rejects.toThrow('does not exist');
    }
    await forgotten.close();
  });
});

test('SQLite has the driver that the project names, in processes that are started too', async () => {
  expect(sqliteDriver).toBe(inject('sqliteDriver'));
  await using place = await createTestDatabase('sqlite');
  const entry = JSON.stringify(new URL('../index.ts', import.meta.url).href);
  const tellVersion = `
    const { openDatabase } = await import(${entry});
    const { engine, close } = await openDatabase(process.argv[1]);
    process.stdout.write(engine.version);
    await close();`;
  const args = ['--input-type=module', '--eval', tellVersion, place.url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe(place.database.engine.version);
});
