import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import type { Browser } from '../testing/browser.ts';
import { startOpenidProvider } from '../testing/openid-provider.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

const ada = { email: 'Ada@Example.com', email_verified: true, name: 'Ada Lovelace' };
const placeOf = ({ status, headers }: Response) => [status, headers.get('location')];
const whoIsIn = (browser: Browser) => createClient(browser).auth.session.query();

describe.each(dialects)('a log-in with a provider on %s', (dialect) => {
  test('makes an account the first time, and opens the same one from then on', async () => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, provider.settings);
    const first = server.openBrowser();
    const answer = await provider.logInTo(first, 'ada', '/oidc/start?next=/secrets%3Fa%3D1');
    expect(placeOf(answer)).toEqual([303, '/secrets?a=1']);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const signedIn = await whoIsIn(first);
    expect(signedIn?.user).toMatchObject({ name: 'Ada Lovelace', email: ada.email });
    const second = server.openBrowser();
    expect(placeOf(await provider.logInTo(second, 'ada'))).toEqual([303, '/secrets']);
    expect((await whoIsIn(second))?.user.id).toBe(signedIn?.user.id);
    expect(await server.database.User.count()).toBe(1);
    expect(await server.database.OidcAttempt.count()).toBe(0);
    const events = (await server.database.Activity.findAll()).map(({ event }) => event);
    expect(events.sort()).toEqual(['oidc-used', 'oidc-used', 'registered']);
    await createClient(second).auth.logout.mutate();
    expect(await whoIsIn(second)).toBeNull();
  });

  test('never joins an account that has the address, and makes none', async () => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, provider.settings);
    await signUp(server, { email: 'ada@example.com' });
    const browser = server.openBrowser();
    const answer = await provider.logInTo(browser, 'ada', '/oidc/start?next=/blog');
    expect(placeOf(answer)).toEqual([303, '/login?next=%2Fblog#oidc-email-taken']);
    expect(await whoIsIn(browser)).toBeNull();
    expect(await server.database.OidcIdentity.count()).toBe(0);
  });

  test.each([
    ['is not confirmed', { email: 'ada@example.com', email_verified: false }],
    ['is confirmed in a text', { email: 'ada@example.com', email_verified: 'true' }],
    ['is not said to be confirmed', { email: 'ada@example.com' }],
    ['is none', { email: 'ada', email_verified: true }],
    ['is missing', { email_verified: true }],
  ])('counts for nothing where the address %s', async (_name, account) => {
    await using provider = await startOpenidProvider({ ada: account });
    await using server = await startTestServer(dialect, provider.settings);
    await signUp(server, { email: 'ada@example.com' });
    const answer = await provider.logInTo(server.openBrowser(), 'ada');
    expect(placeOf(answer)).toEqual([303, '/login#oidc-email-unverified']);
    expect(await server.database.User.count()).toBe(1);
  });

  test('makes no account where registration is closed, and opens one that is there', async () => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, {
      ...provider.settings,
      REGISTRATION: 'closed',
    });
    const { issuer } = provider;
    const answer = await provider.logInTo(server.openBrowser(), 'ada');
    expect(placeOf(answer)).toEqual([303, '/login#oidc-no-account']);
    const { name, email } = makePerson();
    const user = await server.database.User.create({ name, email, passwordHash: '$none' });
    const { OidcIdentity } = server.database;
    const identity = await OidcIdentity.create({ userId: user.id, issuer, subject: 'ada' });
    const browser = server.openBrowser();
    expect(placeOf(await provider.logInTo(browser, 'ada'))).toEqual([303, '/secrets']);
    await identity.reload();
    expect(identity.lastUsedAt).toBeInstanceOf(Date);
    await user.update({ disabledAt: new Date() });
    const refused = await provider.logInTo(server.openBrowser(), 'ada');
    expect(placeOf(refused)).toEqual([303, '/login#oidc-failed']);
  });

  test.each([
    ['is by invitation', { REGISTRATION: 'invited' }, 'oidc-no-account'],
    ['is for other domains', { ALLOWED_EMAIL_DOMAINS: 'example.org' }, 'oidc-no-account'],
    ['is approved first', { REGISTRATION: 'approval' }, 'waiting-for-approval'],
  ])('signs nobody in where registration %s', async (_name, env, message) => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, { ...provider.settings, ...env });
    const browser = server.openBrowser();
    for (const _round of [1, 2]) {
      const answer = await provider.logInTo(browser, 'ada');
      expect(placeOf(answer)).toEqual([303, `/login#${message}`]);
    }
    expect(await whoIsIn(browser)).toBeNull();
    const isMade = message === 'waiting-for-approval';
    expect(await server.database.User.count()).toBe(isMade ? 1 : 0);
    await server.deps.securityLog.flush();
    const told = { event: 'authz_fail', outcome: 'waiting-for-approval' };
    expect(await server.database.SecurityEvent.count({ where: told })).toBe(isMade ? 2 : 0);
  });

  // ASVS 6.4.3
  test('asks for the second factor that the account has here', async () => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, provider.settings);
    const { user, client } = await signUp(server);
    const { issuer } = provider;
    await server.database.OidcIdentity.create({ userId: user.id, issuer, subject: 'ada' });
    const app = await setUpApp(client);
    const browser = server.openBrowser();
    const answer = await provider.logInTo(browser, 'ada', '/oidc/start?next=/blog');
    expect(placeOf(answer)).toEqual([303, '/second-factor?next=%2Fblog']);
    expect(await whoIsIn(browser)).toBeNull();
    await createClient(browser).auth.secondFactor.mutate({ code: app.showCode() });
    expect((await whoIsIn(browser))?.user.id).toBe(user.id);
  });

  test('takes the roles of the claim, and leaves those that were given here', async () => {
    const accounts: Record<string, Record<string, unknown>> = { ada: { ...ada } };
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, {
      ...provider.settings,
      OIDC_ROLES_CLAIM: 'groups',
    });
    const logIn = async (groups?: unknown) => {
      accounts['ada'] = { ...ada, groups };
      const browser = server.openBrowser();
      await provider.logInTo(browser, 'ada');
      return (await whoIsIn(browser))?.user.roles;
    };
    const roles = ['editor', 'member', 'operator', 'No role', 7];
    expect(await logIn(roles)).toEqual(['editor', 'member']);
    const [user] = await server.database.User.findAll();
    await user?.update({ roles: ['editor', 'member', 'staff'] });
    expect(await logIn('staff')).toEqual(['staff']);
    expect(await logIn(['editor'])).toEqual(['staff', 'editor']);
    expect(await logIn()).toEqual(['staff']);
  });

  test('several tabs of one browser come back in any order', async () => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    const goFrom = async (start: string) => {
      const { headers } = await browser.visit(start);
      return provider.logIn(headers.get('location') ?? '', 'ada');
    };
    const [one, other] = [
      await goFrom('/oidc/start?next=/blog'),
      await goFrom('/oidc/start?next=/secrets'),
    ];
    expect(placeOf(await browser.visit(other))).toEqual([303, '/secrets']);
    expect(placeOf(await browser.visit(one))).toEqual([303, '/blog']);
  });
});

test('nothing of a visit is secret in the log, and the rows hold hashes alone', async () => {
  await using provider = await startOpenidProvider({ ada });
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  const { headers } = await browser.visit('/oidc/start');
  const address = new URL(headers.get('location') ?? '');
  const { state = '', nonce = '', ...asked } = Object.fromEntries(address.searchParams);
  expect(asked).toMatchObject({ code_challenge_method: 'S256', scope: 'openid email profile' });
  const [row] = await server.database.OidcAttempt.findAll();
  const kept = JSON.stringify(row?.get({ plain: true }));
  const back = await provider.logIn(address.href, 'ada');
  await browser.visit(back);
  const log = server.logLines.join('');
  const code = new URL(back, server.url).searchParams.get('code') ?? 'none';
  for (const secret of [state, nonce, ...browser.cookies.values()].filter(
    ({ length }) => length > 9,
  )) {
    expect(kept).not.toContain(secret);
    expect(log).not.toContain(secret);
  }
  expect(log).not.toContain(code);
  expect(log).not.toContain(provider.settings.OIDC_CLIENT_SECRET);
});

test('a site without a provider has neither the button nor its addresses', async () => {
  await using server = await startTestServer('sqlite');
  const browser = server.openBrowser();
  for (const path of ['/oidc/start', '/oidc/callback?state=a&code=b']) {
    expect((await browser.visit(path)).status).toBe(404);
  }
});

test.each(['cross-site', 'same-site'])(
  'a start that comes from elsewhere (%s) leads to the page with the button',
  async (site) => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer('sqlite', provider.settings);
    const headers = { 'sec-fetch-site': site };
    const answer = await server.openBrowser().fetch('/oidc/start?next=/blog', { headers });
    expect(placeOf(answer)).toEqual([302, '/login?next=%2Fblog']);
    expect(await server.database.OidcAttempt.count()).toBe(0);
  },
);

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)'])(
  'next=%s leads nowhere else',
  async (next) => {
    await using provider = await startOpenidProvider({ ada });
    await using server = await startTestServer('sqlite', provider.settings);
    const start = `/oidc/start?${new URLSearchParams({ next }).toString()}`;
    const answer = await provider.logInTo(server.openBrowser(), 'ada', start);
    expect(placeOf(answer)).toEqual([303, '/secrets']);
  },
);
