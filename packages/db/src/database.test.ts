import { existsSync } from 'node:fs';
import { chmod, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { QueryTypes, type Transaction } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { createTestDatabase, createTestDatabaseUrl, dialects } from './testing/index.ts';
import { sampleUser } from './testing/sample-rows.ts';

async function readPragmas({ sequelize }: Database, transaction: Transaction | null) {
  const names = ['journal_mode', 'foreign_keys', 'synchronous'];
  const values = names.map(async (name) => {
    const sql = `SELECT * FROM pragma_${name}`;
    const [row] = await sequelize.query<object>(sql, { type: QueryTypes.SELECT, transaction });
    return [name, Object.values(row ?? {})[0] as unknown] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

describe.each(dialects)('a database on %s', (dialect) => {
  test('is its own: models of one do not see the rows of another', async () => {
    await using first = await createTestDatabase(dialect);
    await using second = await createTestDatabase(dialect);
    await first.database.User.create(sampleUser());
    expect(await first.database.User.count()).toBe(1);
    expect(await second.database.User.count()).toBe(0);
  });

  test('keeps its rows when it is closed and opened again', async () => {
    await using place = await createTestDatabaseUrl(dialect);
    const before = await openDatabase(place.url);
    await before.User.create(sampleUser({ name: 'Grace' }));
    await before.close();
    const after = await openDatabase(place.url);
    expect(await after.User.findAll()).toMatchObject([{ name: 'Grace' }]);
    await after.close();
  });

  test('undoes a transaction that throws', async () => {
    await using test = await createTestDatabase(dialect);
    const { sequelize, User } = test.database;
    const failing = sequelize.transaction(async (transaction) => {
      await User.create(sampleUser(), { transaction });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await User.count()).toBe(0);
  });
});

describe('openDatabase on sqlite', () => {
  test('makes the folder for its user only, and the files too', async () => {
    await using place = await createTestDatabaseUrl('sqlite', 'empty');
    const folder = path.join(path.dirname(place.url.slice('sqlite:'.length)), 'new', 'deeper');
    const filePath = path.join(folder, 'x.sqlite');
    const database = await openDatabase(`sqlite:${filePath}`);
    await database.sequelize.query('CREATE TABLE t (x)');
    const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
    expect(await modeOf(folder)).toBe('700');
    expect(await modeOf(filePath)).toBe('600');
    expect(await modeOf(`${filePath}-wal`)).toBe('600');
    await database.close();
  });

  test('closes an existing file to others', async () => {
    await using place = await createTestDatabaseUrl('sqlite');
    const filePath = place.url.slice('sqlite:'.length);
    await chmod(filePath, 0o644);
    await (await openDatabase(place.url)).close();
    expect((await stat(filePath)).mode & 0o777).toBe(0o600);
  });

  test('has everything in its one file once it is closed', async () => {
    await using place = await createTestDatabaseUrl('sqlite');
    const logPath = `${place.url.slice('sqlite:'.length)}-wal`;
    // Connections that close at the same moment left the log behind one time in twenty.
    for (let round = 0; round < 60; round += 1) {
      const database = await openDatabase(place.url);
      await database.User.create(sampleUser());
      await database.User.count();
      await database.close();
      expect(existsSync(logPath), `round ${round}`).toBe(false);
    }
  });

  test('has its settings on every connection, in transactions too', async () => {
    await using test = await createTestDatabase('sqlite');
    const { database } = test;
    const settings = { journal_mode: 'wal', foreign_keys: 1, synchronous: 2 };
    expect(await readPragmas(database, null)).toEqual(settings);
    for (let round = 0; round < 2; round += 1) {
      const inside = await database.sequelize.transaction((transaction) =>
        readPragmas(database, transaction),
      );
      expect(inside).toEqual(settings);
    }
  });

  test('says what is wrong with a file that is no database', async () => {
    await using place = await createTestDatabaseUrl('sqlite', 'empty');
    await writeFile(
      place.url.slice('sqlite:'.length),
      'This is a letter, not a database.'.repeat(99),
    );
    await expect(openDatabase(place.url)).rejects.toThrow(
      /The database sqlite:.* could not be opened: .*not a database.*restore the last backup/,
    );
  });
});

describe('openDatabase on postgres', () => {
  test.each([
    ['a wrong password', (url: string) => url.replace(/:[^:@]+@/, ':hunter2@')],
    ['no server', () => 'postgres://latchkey:hunter2@127.0.0.1:1/site'],
    ['a broken escape in the password', () => 'postgres://latchkey:hunter2%zz@127.0.0.1:1/site'],
  ])('explains %s without showing the password', async (_fault, breakUrl) => {
    await using place = await createTestDatabaseUrl('postgres', 'empty');
    const error: unknown = await openDatabase(breakUrl(place.url)).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(
      /The database postgres:.* could not be opened: .+ (Check|Make sure) that .+ DATABASE_URL/,
    );
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('hunter2');
  });
});
