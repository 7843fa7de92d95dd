import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Sequelize } from 'sequelize';
import sqlite3 from '#sqlite3';
import { expect, test, vi } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { migrate } from './migrate.ts';
import { createSqliteDriver } from './sqlite-driver.ts';
import { migrations } from './migrations/list.ts';
import { createTestDatabase, createTestDatabaseUrl, dialects } from './testing/index.ts';
import { sampleSession, sampleUser } from './testing/sample-rows.ts';

const twenty = Array.from({ length: 20 }, (_, index) => index);

test.each(dialects)('%s takes 20 transactions, 20 writes and 80 reads at once', async (dialect) => {
  await using place = await createTestDatabase(dialect);
  const { sequelize, User, Session } = place.database;
  const owner = await User.create(sampleUser());
  const transactions = twenty.map((index) =>
    sequelize.transaction(async (transaction) => {
      const user = await User.create(sampleUser({ name: `In ${index}` }), { transaction });
      await User.findByPk(user.id, { transaction });
      await Session.create(sampleSession(user.id), { transaction });
    }),
  );
  const writes = twenty.map(() => Session.create(sampleSession(owner.id)));
  const reads = twenty.flatMap(() => Array.from({ length: 4 }, () => User.findByPk(owner.id)));
  await Promise.all([...transactions, ...writes, ...reads]);
  expect(await User.count()).toBe(21);
  expect(await Session.count()).toBe(40);
});

test('two open databases on one file share it', async () => {
  await using place = await createTestDatabase('sqlite');
  const second = await openDatabase(place.url);
  const inserts = twenty.flatMap(() =>
    [place.database, second].map(({ sequelize, User }) =>
      sequelize.transaction((transaction) => User.create(sampleUser(), { transaction })),
    ),
  );
  await Promise.all(inserts);
  await second.close();
  expect(await place.database.User.count()).toBe(40);
});

test('a transaction takes the lock at its beginning, so a read before a write is safe', async () => {
  await using place = await createTestDatabase('sqlite');
  const second = await openDatabase(place.url);
  const { id } = await second.User.create(sampleUser({ roles: [] }));
  const addRole = ({ sequelize, User }: Database, role: string) =>
    sequelize.transaction(async (transaction) => {
      const user = await User.findByPk(id, { transaction, rejectOnEmpty: true });
      await user.update({ roles: [...user.roles, role] }, { transaction });
    });
  const changes = twenty.flatMap((index) => [
    addRole(place.database, `first-${index}`),
    addRole(second, `second-${index}`),
  ]);
  await Promise.all(changes);
  expect((await second.User.findByPk(id))?.roles).toHaveLength(40);
  await second.close();
});

test.each([
  ['a statement', ({ User }: Database) => User.create(sampleUser())],
  [
    'a transaction',
    ({ sequelize, User }: Database) =>
      sequelize.transaction((transaction) => User.create(sampleUser(), { transaction })),
  ],
])('%s waits for the lock of another connection', async (_way, write) => {
  await using place = await createTestDatabase('sqlite');
  const second = await openDatabase(place.url);
  const holder = await second.sequelize.transaction();
  const writing = write(place.database);
  await setTimeout(200);
  await holder.commit();
  await writing;
  await second.close();
  expect(await place.database.User.count()).toBe(1);
});

test('a write that forgot its transaction fails with advice, and the next ones work', async () => {
  await using place = await createTestDatabaseUrl('sqlite');
  const sequelize = new Sequelize({
    dialect: 'sqlite',
    storage: place.url.slice('sqlite:'.length),
    dialectModule: createSqliteDriver(100).dialectModule,
    logging: false,
    retry: { max: 1 },
  });
  const deleteAll = () => sequelize.query('DELETE FROM rate_limits');
  const forgetful = sequelize.transaction({ type: 'IMMEDIATE' as never }, deleteAll);
  await expect(forgetful).rejects.toThrow('without its `transaction` option');
  await expect(deleteAll()).resolves.toBeDefined();
  await sequelize.close();
});

test('a transaction that cannot begin leaves no connection behind', async () => {
  await using place = await createTestDatabase('sqlite');
  const { sequelize, User } = place.database;
  const stranger = new sqlite3.Database(place.url.slice('sqlite:'.length));
  await new Promise((resolve) => stranger.exec('BEGIN IMMEDIATE', resolve));
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  const blocked = sequelize.transaction((transaction) =>
    User.create(sampleUser(), { transaction }),
  );
  await expect(blocked).rejects.toThrow('SQLITE_BUSY');
  warn.mockRestore();
  await new Promise((resolve) => stranger.exec('ROLLBACK', () => stranger.close(resolve)));
  expect(Object.keys(Reflect.get(sequelize.connectionManager, 'connections') as object)).toEqual([
    'default',
  ]);
  await sequelize.transaction((transaction) => User.create(sampleUser(), { transaction }));
  expect(await User.count()).toBe(1);
});

test('closing waits for the connections of transactions too, and leaves one file', async () => {
  await using place = await createTestDatabaseUrl('sqlite');
  const { sequelize, User, close } = await openDatabase(place.url);
  await sequelize.transaction((transaction) => User.create(sampleUser(), { transaction }));
  await close();
  expect(existsSync(`${place.url.slice('sqlite:'.length)}-wal`)).toBe(false);
});

test('several can open and migrate a new file at once', async () => {
  for (let round = 0; round < 30; round += 1) {
    await using place = await createTestDatabaseUrl('sqlite', 'empty');
    const openAndMigrate = async () => {
      const database = await openDatabase(place.url);
      const { length } = await migrate(database);
      await database.close();
      return length;
    };
    const counts = await Promise.all([openAndMigrate(), openAndMigrate(), openAndMigrate()]);
    expect(counts.sort()).toEqual([0, 0, migrations.length]);
  }
});
