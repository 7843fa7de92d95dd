import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { createDashboardSite } from '../testing/dashboard-site.ts';
import { listProcedures } from '../testing/list-procedures.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const header = 'latchkey-person';
const newPassword = 'another quiet lantern';

const procedures = listProcedures();
/** They ask who somebody is, whoever is signed in. */
const isLogin = (path: string) =>
  /^(auth\.|passkeys\.(start|finish)Login$)/.test(path) && path !== 'auth.logout';
/** To everybody but operators these do not exist, whoever the call names. */
const isOperators = (path: string) => path.startsWith('operator.');
/** What acts for a person, or shows what is theirs. */
const personal = procedures.filter(({ path }) => !isLogin(path) && !isOperators(path));

function call(
  browser: Browser,
  { path, isQuery }: { path: string; isQuery: boolean },
  input: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  return isQuery
    ? browser.fetch(`/trpc/${path}`, { headers })
    : postTrpc(browser, path, input, headers);
}

/** All that stands in the database, counters of limits too. */
async function dumpRows({ database }: TestServer): Promise<string> {
  const models = Object.values(database.sequelize.models);
  return JSON.stringify(await Promise.all(models.map((model) => model.findAll({ raw: true }))));
}

/** Ada’s window, in a browser in which Grace has logged in since. */
async function openAdasWindow(server: TestServer) {
  const ada = await signUp(server);
  const grace = await signUp(server);
  return { browser: grace.browser, ada, grace };
}

const where = (response: Response) => [response.status, response.headers.get('location')];

describe.each(dialects)('a call for somebody else than is signed in on %s', (dialect) => {
  // ASVS 8.2.2
  test.each(personal)('is refused and does nothing: $path', async (procedure) => {
    await using server = await startTestServer(dialect);
    const { browser, ada, grace } = await openAdasWindow(server);
    const hashing = [
      vi.spyOn(server.deps.passwords, 'verify'),
      vi.spyOn(server.deps.passwords, 'hash'),
    ];
    const input = {
      ...{ name: 'Ada', username: 'countess', id: ada.user.id, slug: 'how-a-session-ends' },
      ...{ email: grace.user.email, currentPassword: grace.person.password, newPassword },
    };
    const before = await dumpRows(server);
    for (const named of [ada.user.id, '', 'x', `${grace.user.id}, ${ada.user.id}`]) {
      const answer = await call(browser, procedure, input, { [header]: named });
      expect([named, answer.status]).toEqual([named, 409]);
      expect(answer.headers.getSetCookie(), named).toEqual([]);
      const { error } = (await answer.json()) as { error: { data: unknown } };
      expect(error.data, named).toMatchObject({ code: 'CONFLICT', reason: 'other-person' });
    }
    expect(await dumpRows(server)).toBe(before);
    for (const spy of hashing) expect(spy).not.toHaveBeenCalled();
  });

  test('is refused before its input is looked at, and in a batch', async () => {
    await using server = await startTestServer(dialect);
    const { browser, ada, grace } = await openAdasWindow(server);
    const headers = { [header]: ada.user.id };
    const answer = await postTrpc(
      browser,
      'account.update,account.changeEmail,auth.logout?batch=1',
      { 0: { name: 'Ada' }, 1: { email: 'no email' }, 2: {} },
      headers,
    );
    const results = (await answer.json()) as { error?: { data: { reason: string } } }[];
    expect(results.map(({ error }) => error?.data.reason)).toEqual([
      'other-person',
      'other-person',
      'other-person',
    ]);
    expect((await grace.client.auth.session.query())?.user).toEqual(grace.user);
  });

  test('is done where it is for the person who is signed in, or for nobody by name', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client, user } = await signUp(server);
    const headers = { [header]: user.id };
    const named = await postTrpc(browser, 'account.update', { name: 'Zoë' }, headers);
    expect(named.status).toBe(200);
    await client.account.update.mutate({ name: 'Ada' });
    expect((await postTrpc(browser, 'auth.logout', {}, headers)).status).toBe(200);
    expect((await postTrpc(browser, 'account.update', { name: 'Zoë' }, headers)).status).toBe(401);
    expect((await postTrpc(browser, 'auth.logout', {}, headers)).status).toBe(200);
  });

  test.each([
    ['profile', { name: 'Countess', username: '' }],
    ['email', { email: 'countess@example.com' }],
    ['password', { currentPassword: 'x', newPassword }],
    ['end-session', { id: 'x' }],
    ['end-other-sessions', {}],
    ['make-feed', {}],
    ['revoke-feed', {}],
    ['export', {}],
    ['delete', { email: 'x' }],
  ])('is refused without JavaScript, too: %s', async (action, fields) => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser, ada } = await openAdasWindow(server);
    const before = await dumpRows(server);
    const answer = await browser.submit('/dashboard', { action, person: ada.user.id, ...fields });
    expect(where(answer)).toEqual([303, '/dashboard#other-person']);
    expect(await dumpRows(server)).toBe(before);
  });

  test('keeps what was typed for its person, and shows it to nobody else', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer(dialect, {}, pages);
    const { browser, ada, grace } = await openAdasWindow(server);
    await browser.submit('/dashboard', {
      action: 'profile',
      person: ada.user.id,
      ...{ name: 'Countess', nameBefore: ada.user.name },
      ...{ username: 'lovelace', usernameBefore: 'lovelace' },
    });
    const readDashboard = async () => (await browser.visit('/dashboard')).text();
    for (const html of [await readDashboard(), await readDashboard()]) {
      expect(html).toContain(grace.user.name);
      expect(html).not.toContain('Countess');
    }
    const { email: identifier, password } = ada.person;
    await browser.submit('/login', { identifier, password });
    const html = await readDashboard();
    expect(html).toContain('<input name="name" value="Countess">');
    // It was not changed on that page.
    expect(html).toContain(`<input name="username" value="${ada.person.username}">`);
    expect(await readDashboard()).not.toContain('Countess');
  });

  test('does not log out, with a word on who is logged in', async () => {
    await using server = await startTestServer(dialect);
    const { browser, ada, grace } = await openAdasWindow(server);
    const answer = await browser.submit('/logout', { person: ada.user.id });
    expect(where(answer)).toEqual([303, '/logout#other-person']);
    const html = await (await browser.visit('/logout')).text();
    expect(html).toMatch(new RegExp(`id="other-person"[^]*?>${grace.user.name}</span>`));
    expect(where(await browser.submit('/logout', { person: '' }))).toEqual([303, '/#signed-out']);
    expect(where(await browser.submit('/logout', { person: ada.user.id }))).toEqual([
      303,
      '/#signed-out',
    ]);
  });
});

test('Every page that is sent to somebody says in its forms whose it is', async () => {
  await using server = await startTestServer('sqlite');
  const { browser, user } = await signUp(server);
  const paths = ['/', '/blog', '/blog/how-a-session-ends', '/secrets', '/dashboard', '/logout'];
  for (const path of [...paths, '/nothing-here']) {
    const html = await (await browser.visit(path)).text();
    const forms = html.match(/<form method="post"[^]*?<\/form>/g) ?? [];
    expect(forms.length, path).toBeGreaterThan(0);
    for (const form of forms) {
      expect([path, /name="person"[^>]* value="([^"]*)"/.exec(form)?.[1]]).toEqual([path, user.id]);
    }
    const visitors = await (await server.openBrowser().visit(path)).text();
    expect(visitors, path).not.toContain(user.id);
  }
});

test('A page of an allowed origin may name its person', async () => {
  const origin = 'https://shop.example';
  await using server = await startTestServer('sqlite', { ALLOWED_ORIGINS: origin });
  const answer = await server.openBrowser().fetch('/trpc/account.update', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': `content-type,${header}`,
    },
  });
  expect(answer.headers.get('access-control-allow-headers')).toContain(header);
});
