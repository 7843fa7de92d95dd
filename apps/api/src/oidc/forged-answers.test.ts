import { generateKeyPairSync } from 'node:crypto';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { startFalseProvider, type FalseProvider } from '../testing/false-provider.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

const person = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' };
type Token = Parameters<FalseProvider['issueCode']>[0];

/** Leaves for the provider, and returns what the site asked it with. */
async function leave(browser: Browser, start = '/oidc/start') {
  const { headers } = await browser.visit(start);
  const { state = '', nonce = '' } = Object.fromEntries(
    new URL(headers.get('location') ?? '').searchParams,
  );
  return { state, nonce };
}

/** Comes back with what the query says, and returns where that led. */
async function comeBack(browser: Browser, query: Record<string, string>) {
  const answer = await browser.visit(`/oidc/callback?${new URLSearchParams(query).toString()}`);
  return [answer.status, answer.headers.get('location')];
}

const isIn = async (browser: Browser) =>
  (await createClient(browser).auth.session.query()) !== null;
const failed = [303, '/login#oidc-failed'];
const over = [303, '/login#oidc-over'];

/** Logs in with a token that is right but for what a test changes. */
async function logInWith(provider: FalseProvider, browser: Browser, change: Token = {}) {
  const { state, nonce } = await leave(browser);
  const claims = { ...person, nonce, ...change.claims };
  const code = provider.issueCode({ ...change, claims });
  return comeBack(browser, { code, state, iss: provider.issuer });
}

const now = () => Math.floor(Date.now() / 1000);
const forged: [string, (provider: FalseProvider) => Token][] = [
  ['of another nonce', () => ({ claims: { nonce: 'another' } })],
  ['without a nonce', () => ({ claims: { nonce: undefined } })],
  ['for another site', () => ({ claims: { aud: 'another' } })],
  ['for several sites', () => ({ claims: { aud: ['latchkey', 'another'] } })],
  ['that another site asked for', () => ({ claims: { azp: 'another' } })],
  ['of another provider', () => ({ claims: { iss: 'https://id.example.com' } })],
  ['that is over', () => ({ claims: { exp: now() - 120, iat: now() - 180 } })],
  ['that is not valid yet', () => ({ claims: { nbf: now() + 120 } })],
  ['of nobody', () => ({ claims: { sub: undefined } })],
  ['of an endless subject', () => ({ claims: { sub: 's'.repeat(256) } })],
  ['without a signature', () => ({ header: { alg: 'none' }, isUnsigned: true })],
  ['whose signature was taken off', () => ({ isUnsigned: true })],
  [
    'signed with the public key',
    (from) => ({ header: { alg: 'HS256' }, secret: from.publicKey() }),
  ],
  [
    'signed with the secret of the site',
    (from) => ({ header: { alg: 'HS256' }, secret: from.settings.OIDC_CLIENT_SECRET }),
  ],
  [
    'signed by somebody else',
    () => ({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
  ],
  ['with an unknown key', () => ({ header: { kid: 'unknown' } })],
];

describe.each(dialects)('answers of a provider on %s', (dialect) => {
  test.each(forged)('a token %s lets nobody in', async (_name, forge) => {
    await using provider = await startFalseProvider();
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    expect(await logInWith(provider, browser, forge(provider))).toEqual(failed);
    expect(await isIn(browser)).toBe(false);
    expect(await server.database.User.count()).toBe(0);
    // The same without the forgery.
    expect(await logInWith(provider, browser)).toEqual([303, '/secrets']);
    expect(await isIn(browser)).toBe(true);
  });

  test('counts once, in the browser that left, and within ten minutes', async () => {
    await using provider = await startFalseProvider();
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    const { state, nonce } = await leave(browser);
    const iss = provider.issuer;
    const issue = () => provider.issueCode({ claims: { ...person, nonce } });
    expect(await comeBack(server.openBrowser(), { code: issue(), state, iss })).toEqual(over);
    const other = server.openBrowser();
    await leave(other);
    expect(await comeBack(other, { code: issue(), state, iss })).toEqual(over);
    expect(await comeBack(browser, { code: issue(), state: `${state}x`, iss })).toEqual(over);
    expect(await comeBack(browser, { code: issue(), iss })).toEqual(over);
    const code = issue();
    expect(await comeBack(browser, { code, state, iss })).toEqual([303, '/secrets']);
    await createClient(browser).auth.logout.mutate();
    expect(await comeBack(browser, { code, state, iss })).toEqual(over);
    expect(await comeBack(browser, { code: issue(), state, iss })).toEqual(over);
    const late = await leave(browser);
    await server.database.OidcAttempt.update({ expiresAt: new Date() }, { where: {} });
    expect(await comeBack(browser, { code: issue(), state: late.state, iss })).toEqual(over);
    expect(await isIn(browser)).toBe(false);
  });

  test('of two at once, one is taken', async () => {
    await using provider = await startFalseProvider();
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    const { state, nonce } = await leave(browser);
    const answer = () => {
      const code = provider.issueCode({ claims: { ...person, nonce } });
      return comeBack(browser, { code, state, iss: provider.issuer });
    };
    const places = await Promise.all([answer(), answer()]);
    expect(places.map(String).sort()).toEqual([String(over), '303,/secrets'].sort());
  });
});

test.each([
  ['names another provider (a mix-up)', { iss: 'https://id.example.com' }],
  ['names no provider where this one does', {}],
])('an answer that %s is refused, and its code never shown', async (_name, query) => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  const { state, nonce } = await leave(browser);
  const code = provider.issueCode({ claims: { ...person, nonce } });
  expect(await comeBack(browser, { code, state, ...query })).toEqual(failed);
  expect(provider.asked).not.toContain('/token');
});

test.each([
  ['access_denied', 'oidc-cancelled'],
  ['temporarily_unavailable', 'oidc-away'],
  ['invalid_request', 'oidc-failed'],
])('a provider that answers %s leads back to the other ways in', async (error, message) => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  const { state } = await leave(browser, '/oidc/start?next=/blog');
  const query = { error, error_description: '<script>', state, iss: provider.issuer };
  expect(await comeBack(browser, query)).toEqual([303, `/login?next=%2Fblog#${message}`]);
  // Used up, whatever came of it.
  expect(await comeBack(browser, query)).toEqual(over);
});

test('a parameter that comes twice is refused', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  const { state, nonce } = await leave(browser);
  const code = provider.issueCode({ claims: { ...person, nonce } });
  const twice = `/oidc/callback?code=${code}&code=other&state=${state}&iss=${provider.issuer}`;
  expect((await browser.visit(twice)).headers.get('location')).toBe('/login#oidc-failed');
});

test('logs of forged answers tell what they were', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  await logInWith(provider, browser, { claims: { aud: 'another' } });
  await comeBack(browser, { code: 'any', state: 'any' });
  await server.deps.securityLog.flush();
  const rows = await server.database.SecurityEvent.findAll();
  const outcomes = rows.map(({ event, outcome }) => [event, outcome]);
  expect(outcomes).toContainEqual(['authn_login_fail', 'oidc-failed']);
  expect(outcomes).toContainEqual(['authn_login_fail', 'oidc-over']);
});

test('a client may go there and back thirty times a minute', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const browser = server.openBrowser();
  for (let round = 0; round < 60; round += 1) await browser.visit('/oidc/callback?state=none');
  const refused = await browser.visit('/oidc/start?next=/blog');
  expect(refused.headers.get('location')).toBe('/login?next=%2Fblog#too-many-attempts');
});
