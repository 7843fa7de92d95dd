import { formatTime } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { grantRole } from '../acts/change-person.ts';
import { findPerson } from '../admin/find-person.ts';
import type { Browser } from '../testing/browser.ts';
import { createDashboardSite } from '../testing/dashboard-site.ts';
import { builtFolder } from '../testing/fixture-site.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { readBuiltSite } from '../pages/built-site.ts';

afterEach(() => {
  vi.useRealTimers();
});

const where = (response: Response) => [response.status, response.headers.get('location')];
const hostile = `<b>"{{id}}" & '$&'</b><!--each:sessions-->`;
const escaped =
  '&lt;b&gt;&quot;{{id}}&quot; &amp; &#39;$&amp;&#39;&lt;/b&gt;&lt;!--each:sessions--&gt;';

const post = (browser: Browser, action: string, fields: Record<string, string> = {}) =>
  browser.submit('/dashboard', { action, ...fields });
const readDashboard = async (browser: Browser) => (await browser.visit('/dashboard')).text();

/** Values of the page's three fields. */
function readValues(html: string): string[] {
  return ['name', 'email', 'username'].map(
    (name) => new RegExp(`<input name="${name}" value="([^"]*)">`).exec(html)?.[1] ?? 'none',
  );
}

async function logInAgain(server: TestServer, person: { email: string; password: string }) {
  const browser = server.openBrowser();
  await browser.submit('/login', { identifier: person.email, password: person.password });
  return browser;
}

describe.each(dialects)('the dashboard on %s', (dialect) => {
  test('shows the person, their sessions and their log, all as text', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { person, browser, client } = await signUp(server, { name: hostile });
    const other = await logInAgain(server, person);
    const html = await readDashboard(browser);
    expect(html).toContain('<html data-session="in" data-members>');
    expect(html).toContain(`<h1><span data-slot="user-name">${escaped}</span></h1>`);
    expect(html).toContain(`<span data-slot="user-email">${person.email}</span>`);
    expect(html).toContain(`<span data-slot="user-username">${person.username}</span>`);
    expect(readValues(html)).toEqual([escaped, person.email, person.username]);
    const [here, there] = await client.sessions.list.query();
    const show = (session: typeof here, last: string) =>
      `<li id="${session?.id}">${[
        ...['An unknown device', session?.address],
        ...[session?.lastSeenAt, formatTime(session?.lastSeenAt ?? '')],
        ...[session?.createdAt, formatTime(session?.createdAt ?? '')],
      ].join('|')}|${last}</li>`;
    expect(html).toContain(
      `<ul>${show(here, 'here')}${show(there, `<button value="${there?.id}">End</button>`)}</ul>`,
    );
    const [activity] = await client.activity.list.query();
    const { event, description, at } = activity ?? { event: '', description: '', at: '' };
    expect(html).toContain(
      `<ol><li>${event}|${description}|An unknown device|${other.address}|${at}|${formatTime(at)}</li>`,
    );
    expect(html).not.toContain('<!--');
  });

  test('shows what the operator did, which came from no device', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { person, browser, user } = await signUp(server);
    const { database } = server;
    await grantRole(server.deps, await findPerson(database, user.id), { role: 'editor' });
    await browser.submit('/login', { identifier: person.email, password: person.password });
    expect(await readDashboard(browser)).toMatch(
      /<li>role-given\|Role added by the operator: editor\|\d{4}-[^|]+\|[^|]+ UTC<\/li>/,
    );
  });

  test('shows what the browser says of itself as text too', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser, user } = await signUp(server);
    await server.database.Session.update(
      { address: hostile.slice(0, 45), userAgent: hostile },
      { where: { userId: user.id } },
    );
    const html = await readDashboard(browser);
    expect(html).toContain('|Unknown address|');
    expect(html).not.toContain('<b>"');
  });

  test('is private, and nobody’s to keep', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    expect(where(await server.openBrowser().visit('/dashboard'))).toEqual([
      302,
      '/login?next=%2Fdashboard#sign-in-required',
    ]);
    const { browser } = await signUp(server);
    const response = await browser.visit('/dashboard');
    expect([response.status, response.headers.get('cache-control')]).toEqual([
      200,
      'private, no-store',
    ]);
  });

  test('saves every form without JavaScript and says so', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { person, browser, client } = await signUp(server);
    const other = await logInAgain(server, person);
    expect(where(await post(browser, 'profile', { name: 'Zoë', username: '' }))).toEqual([
      303,
      '/dashboard#profile-saved',
    ]);
    const email = `new-${person.email}`;
    expect(where(await post(browser, 'email', { email, currentPassword: '' }))).toEqual([
      303,
      '/dashboard#email-changed',
    ]);
    expect(readValues(await readDashboard(browser))).toEqual(['Zoë', email, '']);
    const there = (await client.sessions.list.query()).find(({ isCurrent }) => !isCurrent);
    const id = there?.id ?? '';
    expect(where(await post(browser, 'end-session', { id }))).toEqual([
      303,
      '/dashboard#session-ended',
    ]);
    expect(where(await post(browser, 'end-session', { id }))).toEqual([
      303,
      '/dashboard#session-gone',
    ]);
    expect((await other.visit('/dashboard')).status).toBe(302);
    expect(where(await post(browser, 'end-other-sessions'))).toEqual([
      303,
      '/dashboard#other-sessions-ended',
    ]);
    const newPassword = 'another quiet lantern';
    expect(
      where(await post(browser, 'password', { currentPassword: person.password, newPassword })),
    ).toEqual([303, '/dashboard#password-changed']);
    const deleted = await post(browser, 'delete', { email, currentPassword: newPassword });
    expect(where(deleted)).toEqual([303, '/#account-deleted']);
    expect(deleted.headers.get('clear-site-data')).toBe('"storage"');
    expect([...browser.cookies.keys()]).toEqual([]);
    expect(await server.database.User.count()).toBe(0);
  });

  test('gives the data as a file', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser, user } = await signUp(server);
    const response = await post(browser, 'export');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="latchkey-account.json"',
    );
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await response.json()).toMatchObject({ user });
  });
});

describe.each(dialects)('the feed on the dashboard on %s', (dialect) => {
  const readFeed = (html: string) => ({
    text: /<div>(.*?)<\/div>/.exec(html)?.[1],
    address: /<input id="new-feed" value="([^"]*)">/.exec(html)?.[1] ?? null,
    buttons: [...html.matchAll(/<button>(.*?)<\/button>/g)].map(([, label]) => label),
  });

  async function signUpReader(server: TestServer) {
    const signedUp = await signUp(server);
    await server.database.User.update({ roles: ['member'] }, { where: { id: signedUp.user.id } });
    return signedUp;
  }

  test('is for the role member', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser } = await signUp(server);
    const nothing = { text: 'lead-ins', address: null, buttons: [] };
    expect(readFeed(await readDashboard(browser))).toEqual(nothing);
    expect(where(await post(browser, 'make-feed'))).toEqual([303, '/dashboard#unexpected-error']);
    expect(readFeed(await readDashboard(browser))).toEqual(nothing);
  });

  test('gets an address, which is shown once, another, and none', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser, client, user } = await signUpReader(server);
    const make = () => post(browser, 'make-feed', { currentPassword: '' });
    expect(readFeed(await readDashboard(browser))).toEqual({
      text: 'whole',
      address: null,
      buttons: ['Make an address'],
    });
    const made = await make();
    expect(where(made)).toEqual([303, '/dashboard#feed-made']);
    expect(made.headers.get('cache-control')).toBe('private, no-store');
    for (const cookie of made.headers.getSetCookie()) expect(cookie).toContain('; HttpOnly');
    const first = readFeed(await readDashboard(browser));
    expect(first.address).toMatch(/^http:\/\/localhost:3000\/feed\/[\w-]{43}\.xml$/);
    const { madeAt } = await client.feed.status.query();
    expect(first.text).toBe(`whole|${madeAt}|${formatTime(madeAt ?? '')}|unused`);
    expect(first.buttons).toEqual(['Make a new address', 'Turn it off']);
    expect(readFeed(await readDashboard(browser))).toEqual({ ...first, address: null });

    await make();
    const second = readFeed(await readDashboard(browser)).address ?? '';
    const feedReader = server.openBrowser();
    const fetchFeed = async (address: string | null) =>
      (await feedReader.fetch(new URL(address ?? '').pathname)).status;
    server.deps.site = readBuiltSite(builtFolder);
    expect([await fetchFeed(first.address), await fetchFeed(second)]).toEqual([404, 200]);
    server.deps.site = pages.site;
    const { lastUsedAt, ...status } = await client.feed.status.query();
    expect(readFeed(await readDashboard(browser)).text).toBe(
      [
        ...['whole', status.madeAt, formatTime(status.madeAt ?? '')],
        ...[lastUsedAt, formatTime(lastUsedAt ?? '')],
      ].join('|'),
    );
    await server.database.User.update({ roles: [] }, { where: { id: user.id } });
    const cut = readFeed(await readDashboard(browser));
    expect([cut.text?.startsWith('lead-ins|'), cut.text?.endsWith('|cut')]).toEqual([true, true]);
    expect(cut.buttons).toEqual(['Turn it off']);

    expect(where(await post(browser, 'revoke-feed'))).toEqual([303, '/dashboard#feed-revoked']);
    expect(await fetchFeed(second)).toBe(404);
    expect(readFeed(await readDashboard(browser)).buttons).toEqual([]);
    expect(server.logLines.join('')).not.toContain(second.slice(-47, -4));
  });

  test('shows an address to its person alone, and only while it is one', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser } = await signUpReader(server);
    const other = await signUpReader(server);
    await post(browser, 'make-feed');
    const kept = browser.cookies.get('typed-dashboard') ?? '';
    const show = async (whose: Browser, typed: string) => {
      whose.cookies.set('typed-dashboard', typed);
      return readFeed(await readDashboard(whose)).address;
    };
    expect(await show(other.browser, kept)).toBeNull();
    const encode = (address: string) =>
      Buffer.from(JSON.stringify({ newFeed: address })).toString('base64url');
    const address = (await show(browser, kept)) ?? '';
    expect(await show(browser, encode(address))).toBe(address);
    for (const forged of [
      address.replace('localhost:3000', 'evil.example'),
      `${address}?x`,
      address.replace(/[\w-]{43}/, 'A'.repeat(43)),
      'http://localhost:3000',
      '',
    ]) {
      expect([forged, await show(browser, encode(forged))]).toEqual([forged, null]);
    }
    await post(browser, 'revoke-feed');
    expect(await show(browser, kept)).toBeNull();
  });
});

describe('a form of the dashboard with something wrong', () => {
  test.each([
    ['profile', { name: ' ', username: 'zoe' }, 'invalid-name', [' ', null, 'zoe']],
    ['profile', { name: 'Z'.repeat(2000), username: '' }, 'invalid-name', [null, null, null]],
    ['profile', { name: 'Zoë', username: '!' }, 'invalid-username', ['Zoë', null, '!']],
    ['profile', { name: 'Zoë', username: 'taken' }, 'username-taken', ['Zoë', null, 'taken']],
    ['profile', { name: '', username: '!' }, 'invalid-input', ['', null, '!']],
    ['profile', { name: '', username: 'taken' }, 'invalid-input', ['', null, 'taken']],
    ['password', { newPassword: 'x' }, 'invalid-input', [null, null, null]],
    ['password', { newPassword: 'password1234' }, 'invalid-input', [null, null, null]],
    ['email', { email: 'zoe' }, 'invalid-email', [null, 'zoe', null]],
    ['email', { email: 'taken@example.com' }, 'email-in-use', [null, 'taken@example.com', null]],
    [
      'email',
      { email: 'zoe@example.com', currentPassword: 'not this one' },
      'wrong-password',
      [null, 'zoe@example.com', null],
    ],
    ['password', { newPassword: 'quiet lantern moss' }, 'password-required', [null, null, null]],
    [
      'password',
      { currentPassword: 'x', newPassword: 'x' },
      'invalid-password',
      [null, null, null],
    ],
    [
      'password',
      { currentPassword: 'x', newPassword: 'password1234' },
      'invalid-input',
      [null, null, null],
    ],
    ['end-session', { id: 'x' }, 'session-gone', [null, null, null]],
    ['delete', { email: 'zoe@example.com' }, 'email-mismatch', [null, null, null]],
    ['delete', { email: '' }, 'email-mismatch', [null, null, null]],
    ['constructor', {}, 'invalid-input', [null, null, null]],
    ['', {}, 'invalid-input', [null, null, null]],
  ])('%s %o: %s', async (action, fields, messageId, shown) => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    await signUp(server, { username: 'taken', email: 'taken@example.com' });
    const { person, browser } = await signUp(server);
    expect(where(await post(browser, action, fields))).toEqual([303, `/dashboard#${messageId}`]);
    const current = [person.name, person.email, person.username];
    const expected = shown.map((value, index) => value ?? current[index]);
    const answer = await readDashboard(browser);
    expect(answer).toContain('<html data-session="in" data-members="refused">');
    expect(readValues(answer)).toEqual(expected);
    const later = await readDashboard(browser);
    expect(later).toContain('<html data-session="in" data-members>');
    expect(readValues(later)).toEqual(current);
  });

  test('asks for the password when the last proof is old, and keeps what was typed', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const { person, browser } = await signUp(server);
    vi.setSystemTime(Date.now() + 301_000);
    const email = 'zoe@example.com';
    expect(where(await post(browser, 'email', { email, currentPassword: '' }))).toEqual([
      303,
      '/dashboard#password-required',
    ]);
    expect(readValues(await readDashboard(browser))[1]).toBe(email);
    const former = browser.cookies.get('session');
    const { password: currentPassword } = person;
    expect(where(await post(browser, 'email', { email, currentPassword }))).toEqual([
      303,
      '/dashboard#email-changed',
    ]);
    expect(browser.cookies.get('session')).not.toBe(former);
  });

  test('leads through the log-in who is no longer signed in, and keeps what was typed', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const { person, browser, user } = await signUp(server);
    await server.database.Session.destroy({ where: {} });
    const sent = await post(browser, 'profile', { name: 'Zoë', person: user.id });
    expect(where(sent)).toEqual([303, '/login?next=%2Fdashboard%23not-saved#sign-in-required']);
    expect(sent.headers.getSetCookie()).toContainEqual(
      expect.stringMatching(/^typed-dashboard=[\w-]+; Max-Age=900;/),
    );
    const { email: identifier, password } = person;
    const login = { identifier, password, next: '/dashboard#not-saved' };
    const wrong = await browser.submit('/login', { ...login, password: 'not the right one' });
    expect(where(wrong)).toEqual([303, '/login?next=%2Fdashboard%23not-saved#invalid-credentials']);
    await browser.visit('/login');
    expect(where(await browser.submit('/login', login))).toEqual([303, '/dashboard#not-saved']);
    expect(readValues(await readDashboard(browser))[0]).toBe('Zoë');
  });

  test('shows nobody else what was typed', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const [ada, grace] = [await signUp(server), await signUp(server)];
    await server.database.Session.destroy({ where: {} });
    await post(ada.browser, 'profile', { name: 'Zoë', person: ada.user.id });
    const { email: identifier, password } = grace.person;
    await ada.browser.submit('/login', { identifier, password });
    expect(readValues(await readDashboard(ada.browser))[0]).toBe(grace.person.name);
  });

  test('from another site is refused', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const { person, browser } = await signUp(server);
    const response = await browser.fetch('/dashboard', {
      method: 'POST',
      headers: { origin: 'https://evil.com', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ action: 'delete', email: person.email }),
    });
    expect(response.status).toBe(403);
    expect(await server.database.User.count()).toBe(1);
  });
});

test('No other page costs the queries of the dashboard', async () => {
  await using pages = await createDashboardSite();
  await using server = await startTestServer('sqlite', {}, pages);
  const { browser } = await signUp(server);
  const find = vi.spyOn(server.database.Activity, 'findAll');
  await browser.visit('/');
  expect(find).not.toHaveBeenCalled();
  await browser.visit('/dashboard');
  expect(find).toHaveBeenCalledTimes(1);
});
