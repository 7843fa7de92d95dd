import type { Dialect } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';
import { findLiveSession } from './find-live-session.ts';
import { endSession, purgeExpiredSessions, renewSession, touchSession } from './session.ts';

const hours = 3600;
const days = 24 * hours;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00.250Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

/** Asks who is signed in; the cookies that the answer sets stand beside it. */
async function ask(browser: Browser) {
  const answer = await browser.fetch('/trpc/auth.session');
  const { result } = (await answer.json()) as { result: { data: object | null } };
  return { status: answer.status, live: result.data, setCookies: answer.headers.getSetCookie() };
}

const isLive = async (browser: Browser) => (await ask(browser)).live !== null;

/** A second browser with the same cookies, as a copy of the first one's. */
function copyBrowser(server: TestServer, browser: Browser): Browser {
  const copy = server.openBrowser();
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
  return copy;
}

describe.each(dialects)('a session on %s', (dialect: Dialect) => {
  test('is kept as a SHA-256 alone', async () => {
    await using server = await startTestServer(dialect);
    const { browser, user } = await signUp(server);
    const token = browser.cookies.get('session') ?? '';
    const rows = await server.database.Session.findAll({ raw: true });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ userId: user.id, address: browser.address });
    expect(rows[0]?.tokenHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain(token);
    const stolen = server.openBrowser();
    stolen.cookies.set('session', rows[0]?.tokenHash ?? '');
    expect(await isLive(stolen)).toBe(false);
  });

  test.each([
    '',
    'x',
    'x'.repeat(43),
    'x'.repeat(8000),
    '%00',
    '%E0%A4%A',
    "' OR 1=1 --",
    '"quoted"',
    '../../etc/passwd',
    '__proto__',
  ])('is nobody’s for the cookie %j, which is no fault', async (value) => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    browser.cookies.set('session', value);
    expect(await ask(browser)).toMatchObject({ status: 200, live: null });
    expect(server.logLines.join('')).not.toContain('"level":50');
  });

  test.each([
    ['plain', false, 1 * hours],
    ['that stays', true, 14 * days],
  ])('%s ends when it has been idle', async (_kind, staySignedIn, idleSeconds) => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn });
    passSeconds(idleSeconds - 1);
    expect(await isLive(browser)).toBe(true);
    passSeconds(idleSeconds);
    expect(await isLive(browser)).toBe(false);
  });

  test.each([
    ['plain', false, 24 * hours, 50 * 60],
    ['that stays', true, 30 * days, 13 * days],
  ])('%s ends at its greatest age, however busy', async (_kind, staySignedIn, age, step) => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn });
    const copy = copyBrowser(server, browser);
    const end = Date.now() + age * 1000;
    while (Date.now() + step * 1000 < end) {
      passSeconds(step);
      expect(await isLive(browser)).toBe(true);
    }
    vi.setSystemTime(end - 1);
    expect(await isLive(browser)).toBe(true);
    vi.setSystemTime(end);
    expect(await isLive(copy)).toBe(false);
  });

  test('slides at most once a minute, row and cookie together', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn: true });
    const readRow = async () => {
      const [row] = await server.database.Session.findAll();
      return { lastSeenAt: row?.lastSeenAt, idleExpiresAt: row?.idleExpiresAt };
    };
    const first = await readRow();
    passSeconds(59);
    expect((await ask(browser)).setCookies).toEqual([]);
    expect(await readRow()).toEqual(first);
    passSeconds(1);
    const { setCookies } = await ask(browser);
    expect(setCookies).toHaveLength(2);
    for (const text of setCookies) expect(text).toContain(`Max-Age=${14 * days}`);
    const now = Date.now();
    expect(await readRow()).toEqual({
      lastSeenAt: new Date(now),
      idleExpiresAt: new Date(now + 14 * days * 1000),
    });
    passSeconds(59);
    expect((await ask(browser)).setCookies).toEqual([]);
  });

  // ASVS 7.1.1
  test('slides as told in the settings', async () => {
    await using server = await startTestServer(dialect, { SESSION_TOUCH_SECONDS: '0' });
    const { browser } = await signUp(server);
    expect((await ask(browser)).setCookies).toHaveLength(2);
  });

  test('that is plain slides with a cookie that has no date', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    passSeconds(60);
    const { setCookies } = await ask(browser);
    expect(setCookies).toHaveLength(2);
    for (const text of setCookies) expect(text).not.toMatch(/max-age|expires/i);
  });

  // ASVS 7.3.2
  test('never slides beyond its greatest age, nor does its cookie', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn: true });
    passSeconds(13 * days);
    expect(await isLive(browser)).toBe(true);
    passSeconds(13 * days);
    const { setCookies } = await ask(browser);
    expect(setCookies[0]).toContain(`Max-Age=${4 * days};`);
    const [row] = await server.database.Session.findAll();
    expect(row?.idleExpiresAt).toEqual(row?.expiresAt);
  });

  // ASVS 7.4.2
  test('is over with the next request once the account is disabled, and again with the account gone', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client, user } = await signUp(server);
    const { User, Session } = server.database;
    const copy = copyBrowser(server, browser);
    await User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    expect(await isLive(copy)).toBe(false);
    await expect(client.secrets.list.query()).rejects.toThrow('Please log in');
    await User.update({ disabledAt: null }, { where: { id: user.id } });
    expect(await isLive(browser)).toBe(true);
    await User.destroy({ where: { id: user.id } });
    expect(await isLive(browser)).toBe(false);
    expect(await Session.count()).toBe(0);
  });

  // ASVS 7.4.1
  test('ends on the server when its person logs out: a kept copy of the cookie is dead', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client } = await signUp(server);
    const other = await signUp(server);
    const copy = copyBrowser(server, browser);
    expect(await client.auth.logout.mutate()).toEqual({});
    expect([...browser.cookies.keys()]).toEqual(['device', 'seen']);
    expect(await isLive(copy)).toBe(false);
    expect(await isLive(other.browser)).toBe(true);
  });

  test('may be logged out of twice, or by somebody who never had one', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client } = await signUp(server);
    const copy = createClient(copyBrowser(server, browser));
    const stranger = createClient(server.openBrowser());
    for (const each of [client, client, copy, stranger]) {
      expect(await each.auth.logout.mutate()).toEqual({});
    }
  });

  // ASVS 14.3.1
  test('leaves nothing in the browser’s caches after logging out', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    const answer = await postTrpc(browser, 'auth.logout', {});
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  // ASVS 7.3.1, 14.2.7
  test('is purged once it is over, by either end, and not before', async () => {
    await using server = await startTestServer(dialect);
    await signUp(server);
    const { browser } = await signUp(server, { staySignedIn: true });
    passSeconds(1 * hours - 1);
    expect(await purgeExpiredSessions(server.database)).toBe(0);
    passSeconds(1);
    expect(await purgeExpiredSessions(server.database)).toBe(1);
    expect(await isLive(browser)).toBe(true);
    passSeconds(30 * days);
    expect(await purgeExpiredSessions(server.database)).toBe(1);
    expect(await server.database.Session.count()).toBe(0);
  });

  test('answers many requests at once while it slides, and slides once', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn: true });
    passSeconds(120);
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(browser)));
    expect(answers.every(({ live }) => live !== null)).toBe(true);
    expect(answers.filter(({ setCookies }) => setCookies.length > 0)).toHaveLength(1);
  });

  test('that is ended while a request slides it stays ended', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    const { database, deps } = server;
    const live = await findLiveSession(database, browser.cookies.get('session') ?? '');
    if (!live) throw new Error('The session should be live.');
    passSeconds(120);
    await endSession(database, live.session);
    expect(await touchSession(database, deps.settings.session, live.session)).toBe(false);
    expect(await database.Session.count()).toBe(0);
    await endSession(database, live.session);
  });

  test('that got a new token while a request slides it keeps the new one', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    const { database, deps } = server;
    const token = browser.cookies.get('session') ?? '';
    const [overtaken, renewed] = await Promise.all([
      findLiveSession(database, token),
      findLiveSession(database, token),
    ]);
    if (!overtaken || !renewed) throw new Error('The session should be live.');
    await renewSession(database, renewed.session, { hasSecondFactor: false });
    passSeconds(120);
    expect(await touchSession(database, deps.settings.session, overtaken.session)).toBe(false);
    expect(await touchSession(database, deps.settings.session, renewed.session)).toBe(true);
  });
});

describe.each(dialects)('the sign-in hint on %s', (dialect: Dialect) => {
  test('comes back to a live session that lost it, and is not over before it', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server, { staySignedIn: true });
    browser.cookies.delete('signed-in');
    passSeconds(10.4);
    const { setCookies } = await ask(browser);
    expect(setCookies).toEqual([`signed-in=1; Max-Age=${14 * days - 10}; Path=/; SameSite=Lax`]);
    expect((await ask(browser)).setCookies).toEqual([]);
  });

  test('goes when the session is dead, and nothing is set for a visitor without it', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    passSeconds(2 * hours);
    expect((await ask(browser)).setCookies).toEqual([
      'signed-in=; Max-Age=0; Path=/; SameSite=Lax',
    ]);
    expect(browser.cookies.has('signed-in')).toBe(false);
    expect((await ask(browser)).setCookies).toEqual([]);
    expect((await ask(server.openBrowser())).setCookies).toEqual([]);
  });

  // ASVS 14.3.3
  test('is believed by nobody', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    browser.cookies.set('signed-in', '1');
    expect(await isLive(browser)).toBe(false);
    await expect(createClient(browser).secrets.list.query()).rejects.toThrow('Please log in');
  });
});
