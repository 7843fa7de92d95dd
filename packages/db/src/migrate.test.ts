import { describe, expect, test } from 'vitest';
import { listMigrations, migrate, migrateDown } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import type { Migration } from './migrations/migration.ts';
import { describeSchema } from './testing/describe-schema.ts';
import { createTestDatabase, dialects } from './testing/index.ts';
import { sampleUser } from './testing/sample-rows.ts';

const names = migrations.map(({ name }) => name);

const failing: Migration = {
  name: '2999-01-01-failing',
  up: async ({ run }) => {
    await run('CREATE TABLE half_done (x INTEGER)');
    await run("UPDATE users SET name = 'changed'");
    await run('INSERT INTO no_such_table VALUES (1)');
  },
  down: async ({ run }) => {
    await run('DROP TABLE sessions');
    await run('DROP TABLE no_such_table');
  },
};

describe.each(dialects)('migrations on %s', (dialect) => {
  test('go up, down and up again to the same schema', async () => {
    await using place = await createTestDatabase(dialect, 'empty');
    const { database } = place;
    expect(await listMigrations(database)).toEqual({ executed: [], pending: names, unknown: [] });
    expect(await migrate(database)).toEqual(names);
    const first = await describeSchema(database);
    expect(await listMigrations(database)).toEqual({ executed: names, pending: [], unknown: [] });
    expect(await migrateDown(database, { steps: Infinity })).toEqual(names.toReversed());
    expect((await describeSchema(database)).names).toEqual(['pk_migrations']);
    expect(await migrate(database)).toEqual(names);
    expect(await describeSchema(database)).toEqual(first);
  });

  test('go down one at a time, newest first', async () => {
    await using place = await createTestDatabase(dialect);
    expect(await migrateDown(place.database)).toEqual(names.slice(-1));
    expect(await listMigrations(place.database)).toEqual({
      executed: names.slice(0, -1),
      pending: names.slice(-1),
      unknown: [],
    });
  });

  test('do nothing when nothing is pending, and keep the rows', async () => {
    await using place = await createTestDatabase(dialect);
    await place.database.User.create(sampleUser());
    expect(await migrate(place.database)).toEqual([]);
    expect(await place.database.User.count()).toBe(1);
  });

  test('leave everything as it was when one fails, and name it', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const { id } = await database.User.create(sampleUser({ name: 'Ada' }));
    const before = await describeSchema(database);
    await expect(migrate(database, [...migrations, failing])).rejects.toThrow(
      /The migration 2999-01-01-failing \(up\) failed: .*no_such_table.* Nothing was changed/,
    );
    expect(await describeSchema(database)).toEqual(before);
    expect(await database.User.findByPk(id)).toMatchObject({ name: 'Ada' });
    expect(await listMigrations(database)).toEqual({ executed: names, pending: [], unknown: [] });
  });

  test('leave an empty database empty when the last of them fails', async () => {
    await using place = await createTestDatabase(dialect, 'empty');
    await expect(migrate(place.database, [...migrations, failing])).rejects.toThrow(failing.name);
    expect((await describeSchema(place.database)).columns).toEqual([]);
  });

  test('leave everything as it was when a step down fails', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const list = [...migrations, { ...failing, up: () => Promise.resolve() }];
    expect(await migrate(database, list)).toEqual([failing.name]);
    const before = await describeSchema(database);
    await expect(migrateDown(database, {}, list)).rejects.toThrow(`${failing.name} (down)`);
    expect(await describeSchema(database)).toEqual(before);
    expect((await listMigrations(database, list)).pending).toEqual([]);
  });

  test('list those of a newer version, and change nothing in its database', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const [oldest] = migrations;
    const older = oldest ? [oldest] : [];
    const unknown = names.slice(1);
    expect(await listMigrations(database, older)).toEqual({
      executed: names,
      pending: [],
      unknown,
    });
    const before = await describeSchema(database);
    const sentence = /is newer than this program: .*which this version does not know/;
    await expect(migrate(database, older)).rejects.toThrow(sentence);
    await expect(migrate(database, [...older, failing])).rejects.toThrow(sentence);
    await expect(migrateDown(database, {}, older)).rejects.toThrow(sentence);
    expect(await describeSchema(database)).toEqual(before);
  });
});
