import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DataTypes, QueryTypes } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { migrate, migrateDown } from '../migrate.ts';
import { createTestDatabase, dialects } from '../testing/index.ts';
import {
  sampleDailyFigures,
  sampleFeedAddress,
  sampleEmailLink,
  sampleInvitation,
  samplePasswordReset,
  sampleSecureLink,
  sampleSession,
  sampleUser,
} from '../testing/sample-rows.ts';
import { backUp } from './back-up.ts';
import { listTables } from './backup-tables.ts';
import { isDatabaseEmpty, restore } from './restore.ts';

async function makeFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-backup-test-'));
  return {
    file: path.join(folder, 'site.backup'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const pairs = dialects.flatMap((from) => dialects.map((to) => [from, to] as const));

test.each(pairs)('a backup of %s is restored into %s, row by row', async (from, to) => {
  await using place = await makeFolder();
  await using source = await createTestDatabase(from);
  await using target = await createTestDatabase(to);
  const createdAt = new Date('2024-02-29T12:34:56.789Z');
  const user = await source.database.User.create(
    sampleUser({ name: 'Zoë "O’Neil"; \\ 密码', roles: ['member', 'editor'], createdAt }),
  );
  await source.database.User.create(sampleUser({ username: 'off', disabledAt: createdAt }));
  // More than a page of each.
  await source.database.User.bulkCreate(Array.from({ length: 2100 }, () => sampleUser()));
  await source.database.Session.create(sampleSession(user.id));
  await source.database.FeedAddress.create(sampleFeedAddress(user.id));
  await source.database.PasswordReset.create(samplePasswordReset(user.id));
  await source.database.EmailLink.create(sampleEmailLink());
  await source.database.Invitation.create(sampleInvitation());
  await source.database.SecureLink.create(sampleSecureLink(user.id));
  const figures = { day: '2024-02-29', registrations: 2, logins: 70_000 };
  await source.database.DailyFigures.create(sampleDailyFigures(figures));

  await backUp(source.database, place.file);
  expect((await stat(place.file)).mode & 0o777).toBe(0o600);
  expect(await restore(target.database, place.file, { overwrite: false })).toEqual({
    outcome: 'restored',
    rows: 2103,
  });

  const read = async ({ User }: typeof source.database) =>
    (await User.findAll({ order: ['id'] })).map((row) => row.get({ plain: true }));
  expect(await read(target.database)).toEqual(await read(source.database));
  expect(await target.database.DailyFigures.findAll({ raw: true })).toEqual([
    { ...figures, failedLogins: 0, reads: 0, walls: 0 },
  ]);
  expect(await target.database.Session.count()).toBe(0);
  expect(await target.database.FeedAddress.count()).toBe(0);
  expect(await target.database.PasswordReset.count()).toBe(0);
  expect(await target.database.EmailLink.count()).toBe(0);
  expect(await target.database.Invitation.count()).toBe(0);
  expect(await target.database.SecureLink.count()).toBe(0);
});

describe.each(dialects)('a backup on %s', (dialect) => {
  test('is whole and consistent while others write', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    await using target = await createTestDatabase(dialect);
    const { User, Session, sequelize } = source.database;
    let isWriting = true;
    let pairsWritten = 0;
    const write = async () => {
      while (isWriting) {
        await sequelize.transaction(async (transaction) => {
          const one = await User.create(sampleUser(), { transaction });
          await User.create(sampleUser({ name: one.email }), { transaction });
          await Session.create(sampleSession(one.id), { transaction });
        });
        pairsWritten += 1;
      }
    };
    const writing = write();
    while (pairsWritten < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let round = 0; round < 5; round += 1) await backUp(source.database, place.file);
    isWriting = false;
    await writing;

    const restored = await restore(target.database, place.file, { overwrite: false });
    const rows = 'rows' in restored ? restored.rows : 0;
    expect(rows).toBeGreaterThanOrEqual(40);
    expect(rows % 2).toBe(0);
    expect(rows).toBeLessThanOrEqual(pairsWritten * 2);
  });

  test('never overwrites unasked, and takes all that was there when asked', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    const { database } = source;
    await database.DailyFigures.create(sampleDailyFigures());
    expect(await isDatabaseEmpty(database)).toBe(true);
    const kept = await database.User.create(sampleUser());
    await backUp(database, place.file);
    const later = await database.User.create(sampleUser());
    await database.Session.create(sampleSession(later.id));
    await database.FeedAddress.create(sampleFeedAddress(kept.id));
    expect(await isDatabaseEmpty(database)).toBe(false);

    const refused = await restore(database, place.file, { overwrite: false });
    expect(refused).toEqual({ outcome: 'not-empty' });
    expect(await database.User.count()).toBe(2);

    await restore(database, place.file, { overwrite: true });
    expect((await database.User.findAll()).map(({ id }) => id)).toEqual([kept.id]);
    expect(await database.Session.count()).toBe(0);
    expect(await database.FeedAddress.count()).toBe(0);
  });

  test('is not restored over other migrations, and says so', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    await backUp(source.database, place.file);
    await migrateDown(source.database);
    const restore_ = () => restore(source.database, place.file, { overwrite: true });
    expect(await restore_()).toEqual({ outcome: 'migrations-differ' });
    await migrate(source.database);
    expect(await restore_()).toMatchObject({ outcome: 'restored' });
  });

  test('that is damaged or cut off changes nothing', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    const { database } = source;
    await database.User.bulkCreate(Array.from({ length: 300 }, () => sampleUser()));
    await backUp(database, place.file);
    const { size } = await stat(place.file);
    const whole = await readFile(place.file);
    const restoreIt = () => restore(database, place.file, { overwrite: true });

    for (const length of [size - 20, Math.floor(size / 2), 3, 0]) {
      await writeFile(place.file, whole);
      await truncate(place.file, length);
      await expect(restoreIt(), `${length} bytes`).rejects.toThrow('is not a Latchkey backup');
    }
    await writeFile(place.file, 'name,email\nAda,ada@example.com\n');
    await expect(restoreIt()).rejects.toThrow('is not a Latchkey backup');
    await rm(place.file);
    await expect(restoreIt()).rejects.toThrow('cannot be read');
    expect(await database.User.count()).toBe(300);
  });

  test('leaves the former file as it was when it fails', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    await appendFile(place.file, 'the former one');
    await source.database.sequelize.query('DROP TABLE rate_limits');
    await source.database.sequelize.query('DROP TABLE sessions');
    if (dialect === 'postgres') {
      await expect(backUp(source.database, place.file)).rejects.toThrow();
      expect(await readFile(place.file, 'utf8')).toBe('the former one');
    }
    await expect(stat(`${place.file}.partial`)).rejects.toThrow('ENOENT');
  });

  test('knows every table: what has no model would be lost', async () => {
    await using source = await createTestDatabase(dialect);
    const rows = await source.database.sequelize.query<{ name: string }>(
      dialect === 'sqlite'
        ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
      { type: QueryTypes.SELECT },
    );
    const names = rows.map(({ name }) => name).filter((name) => name !== 'migrations');
    expect(names.sort()).toEqual(
      listTables(source.database)
        .map(({ tableName }) => tableName)
        .sort(),
    );
  });

  test('goes on numbering after the numbers that it brought back', async () => {
    await using place = await makeFolder();
    await using source = await createTestDatabase(dialect);
    const { sequelize } = source.database;
    const model = sequelize.define(
      'Numbered',
      { id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true } },
      { tableName: 'numbered', timestamps: false },
    );
    await model.sync();
    await model.bulkCreate([{ id: 41 }, { id: 42 }]);
    await backUp(source.database, place.file);
    if (dialect === 'sqlite') return;
    await restore(source.database, place.file, { overwrite: true });
    expect((await model.create()).get('id')).toBe(43);
  });
});
