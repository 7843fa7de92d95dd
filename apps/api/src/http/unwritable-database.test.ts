import { rename } from 'node:fs/promises';
import { openDatabase, type Dialect } from '@latchkey/db';
import { dialects, setPragma } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

const slug = 'how-a-session-ends';
const otherSlug = 'metering-fairly';

/** Every request wants to move its session on. */
const env = { SESSION_TOUCH_SECONDS: '0' };

/** Lets a database be read and not written, as on a disk that is full or a standby, until it is disposed of. */
async function forbidWrites({ database, deps }: TestServer, dialect: Dialect) {
  if (dialect === 'sqlite') return setPragma(database, 'query_only = ON');
  const { href, pathname } = new URL(deps.settings.databaseUrl);
  const name = pathname.slice(1);
  const other = await openDatabase(href.replace(name, 'postgres'));
  const setReadOnly = async (isReadOnly: boolean) => {
    await other.sequelize.query(
      `ALTER DATABASE ${name} SET default_transaction_read_only = ${String(isReadOnly)}`,
    );
    await other.sequelize.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
  };
  await setReadOnly(true);
  // A connection that was ended is in the pool until its end has been heard of.
  const useAll = () =>
    Promise.all(Array.from({ length: 10 }, () => database.sequelize.query('SELECT 1')));
  await vi.waitFor(useAll, 10_000);
  return {
    [Symbol.asyncDispose]: async () => {
      await setReadOnly(false);
      await other.close();
    },
  };
}

async function ask(browser: Browser, path: string) {
  const { status, headers } = await browser.visit(path);
  return [path, status, headers.get('retry-after')];
}

async function signUpReader(server: TestServer) {
  const reader = await signUp(server);
  await server.database.User.update({ roles: ['member'] }, { where: { id: reader.user.id } });
  const { address } = await reader.client.feed.create.mutate({});
  return { ...reader, feedPath: new URL(address).pathname };
}

describe.each(dialects)('While the database cannot be written (%s)', (dialect) => {
  test('reading goes on, what must be written waits, the server is not ready, and then all is well', async () => {
    await using server = await startTestServer(dialect, env);
    const { browser, person } = await signUp(server);
    const reader = await signUpReader(server);
    const visitor = server.openBrowser();
    const login = { identifier: person.email, password: person.password };
    expect(await ask(browser, `/blog/${slug}`)).toEqual([`/blog/${slug}`, 200, null]);
    {
      await using _unwritable = await forbidWrites(server, dialect);
      for (const path of [
        ...['/', '/secrets', '/dashboard', '/blog', `/blog/${slug}`, '/download/cheat-sheet.pdf'],
        ...['auth.session', 'secrets.list', 'sessions.list', 'activity.list', 'articles.list'].map(
          (procedure) => `/trpc/${procedure}`,
        ),
      ]) {
        expect(await ask(browser, path)).toEqual([path, 200, null]);
      }
      expect(await ask(browser, '/nowhere')).toEqual(['/nowhere', 404, null]);
      expect(await ask(reader.browser, `/blog/${otherSlug}`)).toEqual([
        `/blog/${otherSlug}`,
        200,
        null,
      ]);
      expect(await ask(visitor, reader.feedPath)).toEqual([reader.feedPath, 200, null]);

      // What cannot be counted is not given for nothing.
      for (const whoever of [visitor, browser]) {
        expect(await ask(whoever, `/blog/${otherSlug}`)).toEqual([`/blog/${otherSlug}`, 503, '5']);
      }
      for (const [procedure, input] of [
        ['auth.login', login],
        ['account.update', { name: 'Ada' }],
        ['account.export', {}],
        ['articles.read', { slug: otherSlug }],
      ] as const) {
        const answer = await postTrpc(browser, procedure, input);
        expect([procedure, answer.status]).toEqual([procedure, 503]);
        expect(answer.headers.get('retry-after'), `${procedure} ${JSON.stringify(input)}`).toBe(
          '5',
        );
      }
      const sent = await browser.submit('/login', login);
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/login#overloaded']);
      await expect.poll(() => ask(visitor, '/readyz')).toEqual(['/readyz', 503, '5']);
    }
    await expect.poll(() => ask(visitor, '/readyz')).toEqual(['/readyz', 200, null]);
    const { user } = await createClient(browser).account.update.mutate({ name: 'Ada' });
    expect(user.name).toBe('Ada');
  });
});

test('While the file of SQLite is gone, what is public is there, and then all is well', async () => {
  await using server = await startTestServer('sqlite');
  const { browser } = await signUp(server);
  const file = server.deps.settings.databaseUrl.slice('sqlite:'.length);
  await rename(file, `${file}.away`);
  for (const path of ['/', '/login']) expect(await ask(browser, path)).toEqual([path, 200, null]);
  expect(await ask(browser, '/nowhere')).toEqual(['/nowhere', 404, null]);
  for (const path of ['/secrets', '/dashboard', '/trpc/auth.session', `/blog/${slug}`, '/readyz']) {
    expect(await ask(browser, path)).toEqual([path, 503, '5']);
  }
  await rename(`${file}.away`, file);
  for (const path of ['/secrets', '/dashboard', `/blog/${slug}`, '/readyz']) {
    expect(await ask(browser, path)).toEqual([path, 200, null]);
  }
});
