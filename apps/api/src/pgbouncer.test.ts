/** What people do, with two processes behind a PgBouncer in transaction mode that shares two connections. */
import { openDatabase } from '@latchkey/db';
import { createTestDatabaseUrl, pgbouncerPath, startPgbouncer } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import type { Browser } from './testing/browser.ts';
import { signUp } from './testing/people.ts';
import { postTrpc } from './testing/post-trpc.ts';
import { createClient, startTestServer, type TestServer } from './testing/test-server.ts';

async function startTwo(env: Record<string, string> = {}) {
  await using undo = new AsyncDisposableStack();
  const place = undo.use(await createTestDatabaseUrl('postgres'));
  const pgbouncer = undo.use(await startPgbouncer(place.url, { default_pool_size: 2 }));
  const start = async () => {
    const database = await openDatabase(pgbouncer.through(place.url));
    undo.defer(() => database.close());
    return undo.use(await startTestServer('postgres', env, { database }));
  };
  const servers = [await start(), await start()] as const;
  const undoLater = undo.move();
  return { servers, [Symbol.asyncDispose]: () => undoLater.disposeAsync() };
}

/** The same browser at another process. */
function openSame({ cookies }: Browser, server: TestServer): Browser {
  const browser = server.openBrowser();
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  return browser;
}

const count = (statuses: number[]) =>
  Object.fromEntries(
    [...new Set(statuses)].map((one) => [one, statuses.filter((status) => status === one).length]),
  );

describe.skipIf(!pgbouncerPath)('through PgBouncer', () => {
  test('who registers at one process is signed in at the other, until they log out', async () => {
    await using two = await startTwo();
    const [one, other] = two.servers;
    const { browser, client, user } = await signUp(one);
    const there = openSame(browser, other);
    const elsewhere = createClient(there);
    expect((await elsewhere.auth.session.query())?.user).toEqual(user);
    await elsewhere.account.update.mutate({ name: 'Grace' });
    expect((await client.auth.session.query())?.user.name).toBe('Grace');
    expect((await browser.visit('/secrets')).status).toBe(200);
    await client.auth.logout.mutate();
    expect(await elsewhere.auth.session.query()).toBeNull();
    expect((await there.visit('/secrets')).status).toBe(302);
  });

  test('right log-ins at once all succeed, and wrong ones fail five times', async () => {
    await using two = await startTwo();
    const { person } = await signUp(two.servers[0]);
    const logIn = (password: string) =>
      Promise.all(
        Array.from({ length: 16 }, async (_, index) => {
          const server = two.servers[index % 2 ? 1 : 0];
          const input = { identifier: person.email, password };
          return (await postTrpc(server.openBrowser(), 'auth.login', input)).status;
        }),
      );
    expect(count(await logIn(person.password))).toEqual({ 200: 16 });
    expect(count(await logIn('a wrong password'))).toEqual({ 401: 5, 429: 11 });
  });

  test('of many articles read at once, as many are given as are free', async () => {
    await using two = await startTwo({ FREE_READS: '2' });
    const [one, other] = two.servers;
    const { browser, client } = await signUp(one);
    const { items } = await client.articles.list.query();
    const statuses = await Promise.all(
      items.map(async ({ slug }, index) => {
        const reader = index % 2 ? browser : openSame(browser, other);
        return (await postTrpc(reader, 'articles.read', { slug })).status;
      }),
    );
    expect(count(statuses)).toEqual({ 200: 2, 402: items.length - 2 });
  });
});
