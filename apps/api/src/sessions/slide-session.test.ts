import { setTimeout } from 'node:timers/promises';
import { openDatabase, type Dialect } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer } from '../testing/test-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00.250Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

describe.each(dialects)('reading on %s', (dialect: Dialect) => {
  test('goes on while another process writes, and the session slides with its cookie afterwards', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn: true });
    const other = await openDatabase(server.deps.settings.databaseUrl);
    const signedUpAt = new Date();
    vi.setSystemTime(Date.now() + 120_000);
    const paths = ['/secrets', '/dashboard', '/trpc/auth.session', '/', '/trpc/secrets.list'];
    await other.sequelize.transaction(async (transaction) => {
      await other.Session.update({ userAgent: 'held' }, { where: {}, transaction });
      const answers = await Promise.all(paths.map((path) => browser.fetch(path)));
      expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
      expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([]);
    });
    await other.close();

    const readRow = () => server.database.Session.findOne({ rejectOnEmpty: true });
    expect((await readRow()).lastSeenAt).toEqual(signedUpAt);
    // What was under way when the lock was given back ends first.
    await Promise.all(server.deps.background);
    const answer = await browser.fetch('/secrets');
    expect(answer.headers.getSetCookie()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^session=/)]),
    );
    expect((await readRow()).lastSeenAt).toEqual(new Date());
  });
});

test('reading on SQLite goes on while a log-in waits to be counted', async () => {
  await using server = await startTestServer('sqlite');
  const { browser } = await signUp(server);
  const other = await openDatabase(server.deps.settings.databaseUrl);
  await other.sequelize.transaction(async () => {
    const input = { identifier: 'ada@example.com', password: 'x' };
    const logIn = postTrpc(server.openBrowser(), 'auth.login', input).then(() => 'log-in');
    await setTimeout(200);
    const reading = browser.fetch('/trpc/auth.session').then(() => 'reading');
    expect(await Promise.race([reading, logIn])).toBe('reading');
  });
  await other.close();
});
