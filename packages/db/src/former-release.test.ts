import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { isDatabaseReady } from './readiness.ts';
import { createTestDatabase, dialects } from './testing/index.ts';
import type { Release } from './testing/release-statements.ts';

const folder = new URL('./releases/', import.meta.url);

/** The statements of the newest release that was recorded (record 56). */
function readFormerRelease(): Release {
  const inOrder = new Intl.Collator('en', { numeric: true }).compare;
  const newest = readdirSync(folder).toSorted(inOrder).at(-1);
  return JSON.parse(readFileSync(new URL(newest ?? '', folder), 'utf8')) as Release; // Recorded so.
}

async function askAsBefore({ sequelize, dialect }: Database): Promise<void> {
  for (const { sql, bind } of readFormerRelease()[dialect]) {
    await sequelize.query(sql, bind === undefined ? {} : { bind: bind as unknown[] });
  }
}

describe.each(dialects)('The release before this one, on %s', (dialect) => {
  test('works on the database of this one', async () => {
    await using place = await createTestDatabase(dialect);
    expect(readFormerRelease()[dialect].length).toBeGreaterThan(25);
    await askAsBefore(place.database);
  });

  test.each([
    'ALTER TABLE users ADD COLUMN company VARCHAR(100)',
    "ALTER TABLE sessions ADD COLUMN kind VARCHAR(9) NOT NULL DEFAULT 'web'",
    'CREATE TABLE badges (id INTEGER PRIMARY KEY)',
  ])('would work after %s', async (change) => {
    await using place = await createTestDatabase(dialect);
    await place.database.sequelize.query(change);
    await askAsBefore(place.database);
  });

  test.each([
    'DROP TABLE feed_addresses',
    'ALTER TABLE feed_addresses DROP COLUMN last_used_at',
    'ALTER TABLE activities RENAME COLUMN address TO ip',
    ...(dialect === 'postgres' ? ['ALTER TABLE article_reads ADD COLUMN kind INT NOT NULL'] : []),
    ...(dialect === 'sqlite' ? ['ALTER TABLE rate_limits ADD COLUMN kind INT'] : []),
  ])('would fail after %s', async (change) => {
    await using place = await createTestDatabase(dialect);
    await place.database.sequelize.query(change);
    await expect(askAsBefore(place.database)).rejects.toThrow();
  });

  test('stays ready when the database has a migration that it does not know', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await database.sequelize.query(
      "INSERT INTO migrations (name, executed_at) VALUES ('2999-01-01-later', CURRENT_TIMESTAMP)",
    );
    expect(await isDatabaseReady(database)).toBe(true);
  });
});
