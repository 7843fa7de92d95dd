import { openDatabase, type Database, type Dialect } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer } from '../testing/test-server.ts';

/** Keeps others out of a PostgreSQL database, or from writing to a SQLite file, until it is disposed of. */
async function takeAway(dialect: Dialect, url: string): Promise<AsyncDisposable> {
  if (dialect === 'sqlite') {
    const other = await openDatabase(url);
    const transaction = await other.sequelize.transaction();
    return {
      [Symbol.asyncDispose]: async () => {
        await transaction.rollback();
        await other.close();
      },
    };
  }
  const { href, pathname } = new URL(url);
  const name = pathname.slice(1);
  const other = await openDatabase(href.replace(name, 'postgres'));
  const allow = (allowed: boolean) =>
    other.sequelize.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${String(allowed)}`);
  await allow(false);
  await other.sequelize.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  return {
    [Symbol.asyncDispose]: async () => {
      await allow(true);
      await other.close();
    },
  };
}

describe.each(dialects)('While the database is away (%s)', (dialect) => {
  // ASVS 16.5.3
  test('people are asked to come back, the log says why, and then all is well', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person } = await signUp(server);
    const login = { identifier: person.email, password: person.password };
    {
      await using _away = await takeAway(dialect, server.deps.settings.databaseUrl);
      const [called, sent] = await Promise.all([
        postTrpc(server.openBrowser(), 'auth.login', login),
        server.openBrowser().submit('/login', login),
      ]);
      expect([called.status, called.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await called.json()).toMatchObject({
        error: { data: { reason: 'overloaded', httpStatus: 503, retryAfterSeconds: 5 } },
      });
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/login#overloaded']);
      expect(server.logLines.filter((line) => line.includes('"level":50'))).toHaveLength(2);
    }
    expect((await postTrpc(browser, 'auth.login', login)).status).toBe(200);
  });
});

test('While a PostgreSQL is away, what is public is there, and what needs a session waits', async () => {
  await using server = await startTestServer('postgres');
  const { browser } = await signUp(server);
  const ask = async (path: string) => {
    const { status, headers } = await browser.fetch(path);
    return [path, status, headers.get('retry-after')];
  };
  {
    await using _away = await takeAway('postgres', server.deps.settings.databaseUrl);
    expect(await ask('/')).toEqual(['/', 200, null]);
    for (const path of ['/secrets', '/download/cheat-sheet.pdf', '/trpc/auth.session']) {
      expect(await ask(path)).toEqual([path, 503, '5']);
    }
  }
  expect(await ask('/secrets')).toEqual(['/secrets', 200, null]);
});

test('A PostgreSQL that hangs counts as away, and keeps what is public from nobody', async () => {
  await using place = await createTestDatabase('postgres');
  await using limited = await openLimited(place.url);
  const { database } = limited;
  await using server = await startTestServer('postgres', {}, { database });
  const { browser, person } = await signUp(server);
  const { sequelize } = place.database;
  const visit = async (path: string) => {
    const answer = await browser.visit(path);
    return { status: answer.status, isOwn: (await answer.text()).includes(person.name) };
  };
  {
    await using transaction = await openTransaction(sequelize);
    const lock = 'LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE';
    await sequelize.query(lock, { transaction: transaction.current });
    const called = browser.fetch('/trpc/auth.session');
    const members = visit('/secrets');
    expect(await visit('/')).toEqual({ status: 200, isOwn: false });
    const refused = await called;
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await members).toEqual({ status: 503, isOwn: false });
  }
  expect(await visit('/secrets')).toEqual({ status: 200, isOwn: true });
  expect(await visit('/')).toEqual({ status: 200, isOwn: true });
});

async function openLimited(url: string) {
  const database = await openDatabase(url, { poolSize: 4, statementTimeoutSeconds: 3 });
  return { database, [Symbol.asyncDispose]: () => database.close() };
}

async function openTransaction(sequelize: Database['sequelize']) {
  const current = await sequelize.transaction();
  return { current, [Symbol.asyncDispose]: () => current.rollback() };
}
