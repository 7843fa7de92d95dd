import { constants, renameSync } from 'node:fs';
import { copyFile, cp, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { isDatabaseReady } from './readiness.ts';
import { createTestDatabase, createTestDatabaseUrl } from './testing/index.ts';
import { sampleActivity, sampleUser } from './testing/sample-rows.ts';
import { setPragma } from './testing/set-pragma.ts';
import { describeTrouble, findTroubleKind } from './trouble.ts';
import { isUnavailable } from './unavailable.ts';

const fileOf = ({ url }: { url: string }) => url.slice('sqlite:'.length);

/** What kind of trouble work runs into; the whole sentence is in the second place. */
async function meet(work: () => Promise<unknown>) {
  const fault: unknown = await work().then(
    () => null,
    (error: unknown) => error,
  );
  if (fault !== null) expect(isUnavailable(fault)).toBe(true);
  return [findTroubleKind(fault), describeTrouble(fault)];
}

/** One statement on the connection for writing, and a transaction on one of its own. */
const waysToWrite = [
  ['a statement', ({ User }: Database) => User.create(sampleUser())],
  [
    'a transaction',
    ({ sequelize, User }: Database) =>
      sequelize.transaction((transaction) => User.create(sampleUser(), { transaction })),
  ],
] as const;

test.each(waysToWrite)(
  'A file that is full takes no more of %s, is read, and goes on with room',
  async (_way, write) => {
    await using place = await createTestDatabase('sqlite');
    const { database } = place;
    {
      using _full = await setPragma(database, 'max_page_count = 1');
      const fill = async () => {
        for (let index = 0; index < 100; index += 1) await write(database);
      };
      expect(await meet(fill)).toEqual(['full', expect.stringMatching(/Make room .*SQLITE_FULL/)]);
      await database.User.count();
    }
    await write(database);
  },
);

test.each(waysToWrite)(
  'A file that is read-only takes no %s, is read but not ready, and comes back',
  async (_way, write) => {
    await using place = await createTestDatabase('sqlite');
    const { database } = place;
    expect(await isDatabaseReady(database)).toBe(true);
    {
      using _readOnly = await setPragma(database, 'query_only = ON');
      expect((await meet(() => write(database)))[0]).toBe('read-only');
      expect(await database.User.count()).toBe(0);
      await expect.poll(() => isDatabaseReady(database)).toBe(false);
    }
    await write(database);
    expect(await isDatabaseReady(database)).toBe(true);
  },
);

test.each(waysToWrite)(
  'A file that went away is not made anew by %s, and is used again when it is back',
  async (_way, write) => {
    await using place = await createTestDatabase('sqlite');
    const { database } = place;
    const file = fileOf(place);
    await write(database);
    await rename(file, `${file}.away`);
    expect(await meet(() => write(database))).toEqual([
      'missing',
      expect.stringContaining('SQLITE_CANTOPEN'),
    ]);
    expect((await meet(() => database.User.count()))[0]).toBe('missing');
    expect(await isDatabaseReady(database)).toBe(false);
    await rename(`${file}.away`, file);
    await write(database);
    expect(await database.User.count()).toBe(2);
    expect(await isDatabaseReady(database)).toBe(true);
  },
);

test('A folder that went away is missed, and another in its place is used', async () => {
  await using place = await createTestDatabase('sqlite');
  await using other = await createTestDatabaseUrl('sqlite');
  const { database } = place;
  const file = fileOf(place);
  await database.User.create(sampleUser());
  await rm(path.dirname(file), { recursive: true });
  expect((await meet(() => database.User.count()))[0]).toBe('missing');
  await mkdir(path.dirname(file));
  await copyFile(fileOf(other), file);
  expect(await database.User.count()).toBe(0);
  await database.User.create(sampleUser());
  expect(await isDatabaseReady(database)).toBe(true);
});

test('A file that was put in the place of another is the one that is read and written', async () => {
  await using place = await createTestDatabase('sqlite');
  await using other = await createTestDatabaseUrl('sqlite');
  const filled = await openDatabase(other.url);
  const { name } = await filled.User.create(sampleUser({ name: 'Of the other file' }));
  await filled.close();
  const { database } = place;
  await database.User.create(sampleUser());
  await rename(fileOf(place), `${fileOf(place)}.old`);
  await rename(fileOf(other), fileOf(place));
  expect((await database.User.findAll()).map((user) => user.name)).toEqual([name]);
  await database.User.create(sampleUser());
  await using again = await openAgain(place.url);
  expect(await again.database.User.count()).toBe(2);
  // Nor is anything lost of the one that was moved away.
  await using old = await openAgain(`${place.url}.old`);
  expect(await old.database.User.count()).toBe(1);
});

test('A file that is replaced while it is being opened for writing breaks no write', async () => {
  await using place = await createTestDatabase('sqlite');
  await using other = await createTestDatabaseUrl('sqlite');
  const { database } = place;
  const { connections } = database.sequelize.connectionManager as unknown as {
    connections: Record<string, object>; // The types of Sequelize leave it out.
  };
  expect(await database.User.count()).toBe(0);
  expect(connections['writer']).toBeUndefined();
  const writing = database.User.create(sampleUser());
  while (!connections['writer']) await Promise.resolve();
  renameSync(fileOf(place), `${fileOf(place)}.old`);
  renameSync(fileOf(other), fileOf(place));
  const reading = database.User.count();
  await writing;
  await reading;
  await database.User.create(sampleUser());
  await using again = await openAgain(place.url);
  expect(await again.database.User.count()).toBe(await database.User.count());
});

async function openAgain(url: string) {
  const database = await openDatabase(url);
  return { database, [Symbol.asyncDispose]: () => database.close() };
}

test.each(['-wal', '-shm'])(
  'Nothing that was written is lost when the %s is deleted',
  async (suffix) => {
    await using place = await createTestDatabase('sqlite');
    const { database } = place;
    for (let index = 0; index < 20; index += 1) await database.User.create(sampleUser());
    await rm(`${fileOf(place)}${suffix}`);
    for (const [, write] of waysToWrite) await write(database);
    expect(await database.User.count()).toBe(22);
    await using again = await openAgain(place.url);
    expect(await again.database.User.count()).toBe(22);
    const [check] = await again.database.sequelize.query('PRAGMA quick_check');
    expect(check).toEqual([{ quick_check: 'ok' }]);
  },
);

/** Overwrites a file where it lies, as a failing disk does. */
async function overwrite(file: string, bytes: Buffer, position: number) {
  await using handle = await open(file, constants.O_RDWR);
  await handle.write(bytes, 0, bytes.length, position);
}

test('A file that is damaged is not ready until it is whole again', async () => {
  await using place = await createTestDatabase('sqlite');
  const { database } = place;
  const file = fileOf(place);
  const { id } = await database.User.create(sampleUser());
  const lines = Array.from({ length: 3000 }, () => sampleActivity(id));
  await database.Activity.bulkCreate(lines);
  await database.sequelize.query('PRAGMA wal_checkpoint(TRUNCATE)');
  const whole = await readFile(file);
  await overwrite(file, Buffer.alloc(whole.length - 40 * 4096, 7), 40 * 4096);
  // The shared connection has its own copy of much of it.
  const read = () =>
    database.sequelize.transaction((transaction) => database.Activity.findAll({ transaction }));
  expect(await meet(read)).toEqual(['damaged', expect.stringMatching(/restore the last backup/)]);
  expect(await isDatabaseReady(database)).toBe(false);
  await overwrite(file, whole, 0);
  expect(await database.Activity.count()).toBe(3000);
  expect(await isDatabaseReady(database)).toBe(true);
});

test('A file that becomes no database at all is damaged, and comes back', async () => {
  await using place = await createTestDatabase('sqlite');
  const { database } = place;
  const file = fileOf(place);
  await database.sequelize.query('PRAGMA wal_checkpoint(TRUNCATE)');
  await cp(file, `${file}.copy`);
  await writeFile(`${file}.letter`, 'This is a letter, not a database.'.repeat(999));
  await rename(`${file}.letter`, file);
  expect((await meet(() => database.User.count()))[0]).toBe('damaged');
  expect(await isDatabaseReady(database)).toBe(false);
  await rename(`${file}.copy`, file);
  await database.User.create(sampleUser());
  expect(await isDatabaseReady(database)).toBe(true);
});

test('An empty file has no tables, which is no fault of the query', async () => {
  await using place = await createTestDatabase('sqlite');
  const { database } = place;
  await writeFile(`${fileOf(place)}.empty`, '');
  await rename(`${fileOf(place)}.empty`, fileOf(place));
  expect((await meet(() => database.User.count()))[0]).toBe('missing');
  expect(await isDatabaseReady(database)).toBe(false);
});

test('A PostgreSQL that takes no writes, as a standby, is read but not ready, and comes back', async () => {
  await using place = await createTestDatabase('postgres');
  const { database, url } = place;
  const name = new URL(url).pathname.slice(1);
  const setReadOnly = async (isReadOnly: boolean) => {
    await database.sequelize.query(
      `ALTER DATABASE ${name} SET default_transaction_read_only = ${String(isReadOnly)}`,
    );
    return openAgain(url);
  };
  await using standby = await setReadOnly(true);
  for (const [way, write] of waysToWrite) {
    expect((await meet(() => write(standby.database)))[0], way).toBe('read-only');
  }
  expect(await standby.database.User.count()).toBe(0);
  expect(await isDatabaseReady(standby.database)).toBe(false);
  await using primary = await setReadOnly(false);
  expect(await isDatabaseReady(primary.database)).toBe(true);
});

test.each([
  ['full', '53100'],
  ['no-room', '53200'],
  ['no-room', '53300'],
  ['away', '57P03'],
  ['busy', '57014'],
  ['busy', '40P01'],
  ['damaged', 'XX001'],
  ['damaged', 'XX002'],
  ['failing-disk', '58030'],
  ['not-allowed', '42501'],
  ['missing', '42P01'],
])('PostgreSQL is in trouble (%s) when it says %s', async (kind, code) => {
  await using place = await createTestDatabase('postgres');
  const raise = `DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '${code}'; END $$`;
  const [met, sentence] = await meet(() => place.database.sequelize.query(raise));
  expect([met, sentence]).toEqual([kind, expect.stringContaining(`(${code})`)]);
});

test('A write that waits for another is no reason to be not ready', async () => {
  await using place = await createTestDatabase('sqlite');
  await using other = await openAgain(place.url);
  const transaction = await other.database.sequelize.transaction();
  expect(await isDatabaseReady(place.database)).toBe(true);
  await transaction.rollback();
});
