import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import type { Browser } from '../testing/browser.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

const queries = [
  'activity.list',
  'articles.list',
  'auth.session',
  'feed.status',
  'secrets.list',
  'sessions.list',
];
/** What a connection, a moment or the way of sending puts there. */
const others = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);

async function ask(browser: Browser, path: string) {
  const answer = await browser.fetch(path);
  const headers = [...answer.headers].filter(([name]) => !others.has(name));
  return { status: answer.status, headers, body: await answer.text() };
}

describe.each(dialects)('A query without input on %s', (dialect) => {
  test.each(queries)('%s is answered as by tRPC’s own adapter', async (name) => {
    const env = { ALLOWED_ORIGINS: 'https://app.example' };
    await using server = await startTestServer(dialect, env);
    const { browser } = await signUp(server);
    for (const asker of [browser, server.openBrowser()]) {
      const plain = await ask(asker, `/trpc/${name}`);
      // Whatever has a question mark goes through the adapter.
      expect(plain).toEqual(await ask(asker, `/trpc/${name}?`));
      expect(plain.body).toMatch(/^\{"(result|error)":/);
    }
  });
});

test.each(queries)('%s is refused alike where the database fails', async (name) => {
  const database = await openBrokenDatabase();
  await using server = await startTestServer('sqlite', {}, { database });
  const browser = server.openBrowser();
  browser.cookies.set('session', 'A'.repeat(43));
  const plain = await ask(browser, `/trpc/${name}`);
  expect(plain).toEqual(await ask(browser, `/trpc/${name}?`));
  expect(plain.status).toBeGreaterThanOrEqual(500);
});

test('HEAD is answered by the adapter, which asks nobody', async () => {
  await using server = await startTestServer('sqlite');
  const answer = await server.openBrowser().fetch('/trpc/auth.session', { method: 'HEAD' });
  expect(answer.status).toBe(204);
});
