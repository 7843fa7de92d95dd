import pg from 'pg';
import { QueryTypes } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import { isDatabaseReady } from './readiness.ts';
import {
  createTestDatabase,
  createTestDatabaseUrl,
  pgbouncerPath,
  startPgbouncer,
} from './testing/index.ts';
import { sampleSession, sampleUser } from './testing/sample-rows.ts';
import { describeTrouble } from './trouble.ts';
import { isUnavailable } from './unavailable.ts';

const catchFault = (work: Promise<unknown>) =>
  work.then(
    () => new Error('It was expected to fail.'),
    (fault: unknown) => fault,
  );

const nameOf = (databaseUrl: string) => new URL(databaseUrl).pathname.slice(1);

/** Asks PgBouncer's own console, which takes plain queries alone. */
async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({
    connectionString: Object.assign(new URL(url), { pathname: '/pgbouncer', username: 'pgbouncer' })
      .href,
  });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe.skipIf(!pgbouncerPath)('Through PgBouncer in transaction mode', () => {
  test('processes that start at once migrate once', async () => {
    await using place = await createTestDatabaseUrl('postgres', 'empty');
    await using pgbouncer = await startPgbouncer(place.url);
    const databases = await Promise.all(
      Array.from({ length: 4 }, () => openDatabase(pgbouncer.through(place.url))),
    );
    const counts = await Promise.all(
      databases.map(async (database) => (await migrate(database)).length),
    );
    expect(counts.sort()).toEqual([0, 0, 0, migrations.length]);
    expect(await Promise.all(databases.map(isDatabaseReady))).toEqual([true, true, true, true]);
    for (const database of databases) await database.close();
  });

  test('nothing is left for the next one that has the connection', async () => {
    await using place = await createTestDatabaseUrl('postgres');
    await using pgbouncer = await startPgbouncer(place.url, { default_pool_size: 1 });
    const readState = async () => {
      const client = new pg.Client({ connectionString: pgbouncer.through(place.url) });
      await client.connect();
      const { rows } = await client.query<{ name: string; setting: string }>(
        "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name",
      );
      await client.end();
      return rows.map(({ name }) => name).filter((name) => !trackedByPgbouncer.has(name));
    };
    const database = await openDatabase(pgbouncer.through(place.url));
    await database.sequelize.transaction((transaction) =>
      database.User.create(sampleUser(), { transaction }),
    );
    await database.close();
    expect(await readState()).toEqual([]);
  });

  test('more transactions than connections take turns, and a failed one leaves nothing', async () => {
    await using place = await createTestDatabase('postgres');
    await using pgbouncer = await startPgbouncer(place.url, { default_pool_size: 2 });
    const database = await openDatabase(pgbouncer.through(place.url));
    const { sequelize, User } = database;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        sequelize.transaction(async (transaction) => {
          await User.create(sampleUser(), { transaction });
          if (index % 2) throw new Error('undone');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await User.count()).toBe(10);
    await database.close();
  });

  test('times are the same whatever the time zone of the server is', async () => {
    await using place = await createTestDatabase('postgres');
    const { sequelize } = place.database;
    await sequelize.query(`ALTER DATABASE ${nameOf(place.url)} SET timezone TO 'Asia/Kolkata'`);
    await using pgbouncer = await startPgbouncer(place.url);
    const database = await openDatabase(pgbouncer.through(place.url));
    const { id } = await database.User.create(sampleUser());
    const expiresAt = new Date('2026-11-26T12:34:56.789Z');
    await database.Session.create({ ...sampleSession(id), expiresAt });
    expect((await database.Session.findOne({ where: { expiresAt } }))?.expiresAt).toEqual(
      expiresAt,
    );
    const [row] = await database.sequelize.query<{ zone: string; at: Date }>(
      "SELECT current_setting('timezone') AS zone, expires_at AS at FROM sessions",
      { type: QueryTypes.SELECT },
    );
    expect(row).toEqual({ zone: 'Asia/Kolkata', at: expiresAt });
    await database.close();
  });

  test('a statement that takes too long is lost, and the next one is answered', async () => {
    await using place = await createTestDatabase('postgres');
    await using pgbouncer = await startPgbouncer(place.url, { default_pool_size: 1 });
    const limits = { statementTimeoutSeconds: 1, poolSize: 1 };
    const database = await openDatabase(pgbouncer.through(place.url), limits);
    const fault = await catchFault(database.sequelize.query('SELECT pg_sleep(30)'));
    expect(isUnavailable(fault)).toBe(true);
    expect(await database.User.count()).toBe(0);
    await database.close();
  });

  test('it says that it has no connection left', async () => {
    await using place = await createTestDatabase('postgres');
    await using pgbouncer = await startPgbouncer(place.url, { max_client_conn: 1 });
    const database = await openDatabase(pgbouncer.through(place.url));
    const { cause } = (await catchFault(openDatabase(pgbouncer.through(place.url)))) as Error;
    expect(isUnavailable(cause)).toBe(true);
    expect(describeTrouble(cause)).toMatch(/too many connections.*53300/);
    await database.close();
  });

  test('it says that everybody waits too long', async () => {
    await using place = await createTestDatabase('postgres');
    const settings = { default_pool_size: 1, query_wait_timeout: 1 };
    await using pgbouncer = await startPgbouncer(place.url, settings);
    const database = await openDatabase(pgbouncer.through(place.url));
    await database.sequelize.transaction(async (transaction) => {
      await database.User.count({ transaction });
      const fault = await catchFault(database.User.count());
      expect((fault as Error).message).toBe('query_wait_timeout');
      expect(isUnavailable(fault)).toBe(true);
    });
    expect(await database.User.count()).toBe(0);
    await database.close();
  });

  test('it says that a database is disabled, and goes on when it is enabled', async () => {
    await using place = await createTestDatabase('postgres');
    await using pgbouncer = await startPgbouncer(place.url, { admin_users: 'pgbouncer' });
    const url = pgbouncer.through(place.url);
    const open = await openDatabase(url);
    await command(url, `DISABLE ${nameOf(url)}`);
    const { cause } = (await catchFault(openDatabase(url))) as Error;
    expect(isUnavailable(cause)).toBe(true);
    expect(describeTrouble(cause)).toMatch(/not there.*3D000/);
    await command(url, `ENABLE ${nameOf(url)}`);
    const again = await openDatabase(url);
    await again.close();
    await open.close();
  });
});

/** What it gives each client back as the client set it. */
const trackedByPgbouncer = new Set([
  'application_name',
  'client_encoding',
  'DateStyle',
  'standard_conforming_strings',
  'TimeZone',
]);
