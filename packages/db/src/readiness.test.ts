import { describe, expect, test } from 'vitest';
import { migrate, migrateDown } from './migrate.ts';
import { isDatabaseReady } from './readiness.ts';
import { createTestDatabase, createTestDatabaseUrl, dialects } from './testing/index.ts';
import { openDatabase } from './database.ts';

describe.each(dialects)('isDatabaseReady on %s', (dialect) => {
  test('waits for every migration', async () => {
    await using place = await createTestDatabase(dialect, 'empty');
    const { database } = place;
    expect(await isDatabaseReady(database)).toBe(false);
    await migrate(database);
    expect(await isDatabaseReady(database)).toBe(true);
    await migrateDown(database);
    expect(await isDatabaseReady(database)).toBe(false);
  });

  test('is false, and does not throw, when the database no longer answers', async () => {
    await using place = await createTestDatabaseUrl(dialect);
    const database = await openDatabase(place.url);
    expect(await isDatabaseReady(database)).toBe(true);
    await database.close();
    expect(await isDatabaseReady(database)).toBe(false);
  });
});

test('isDatabaseReady is false when no answer comes', async () => {
  await using place = await createTestDatabase('postgres');
  const { sequelize } = place.database;
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('LOCK TABLE migrations', { transaction });
    expect(await isDatabaseReady(place.database)).toBe(false);
  });
  expect(await isDatabaseReady(place.database)).toBe(true);
});
