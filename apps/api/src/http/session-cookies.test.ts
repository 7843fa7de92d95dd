import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import type { Browser } from '../testing/browser.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

const days = 86_400;
const https = { PUBLIC_URL: 'https://members.example' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The attributes of a cookie as they were sent, in a fixed order. */
function readAttributes(text: string): { name: string; attributes: string[] } {
  const [pair = '', ...attributes] = text.split('; ');
  return { name: pair.split('=')[0] ?? '', attributes: attributes.sort() };
}

const plain = [
  { name: 'session', attributes: ['HttpOnly', 'Path=/', 'SameSite=Lax'] },
  { name: 'signed-in', attributes: ['Path=/', 'SameSite=Lax'] },
];
const secure = [
  { name: '__Host-session', attributes: ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'] },
  { name: '__Host-signed-in', attributes: ['Path=/', 'SameSite=Lax', 'Secure'] },
];
const withMaxAge = (cookies: typeof plain, seconds: number) =>
  cookies.map(({ name, attributes }) => ({
    name,
    attributes: [...attributes, `Max-Age=${seconds}`].sort(),
  }));

describe.each(dialects)('the cookies on %s', (dialect) => {
  test.each([
    ['http://localhost', {}, plain],
    ['https', https, secure],
  ])('of registering and logging in at %s', async (_place, env, expected) => {
    await using server = await startTestServer(dialect, env);
    const browser = server.openBrowser();
    for (const staySignedIn of [undefined, false, true]) {
      const person = makePerson({ staySignedIn });
      const registered = await postTrpc(browser, 'auth.register', person);
      const { email: identifier, password } = person;
      const loggedIn = await postTrpc(browser, 'auth.login', {
        identifier,
        password,
        staySignedIn,
      });
      for (const answer of [registered, loggedIn]) {
        const [seen, device, ...cookies] = answer.headers
          .getSetCookie()
          .map(readAttributes)
          .reverse();
        expect(cookies.reverse()).toEqual(
          staySignedIn ? withMaxAge(expected, 14 * days) : expected,
        );
        // They are no session: they stay, so that strangers cannot keep this browser out, and it is no news.
        const { name, attributes } = expected[0] ?? {};
        expect([device, seen], String(staySignedIn)).toEqual(
          ['device', 'seen'].map((own) => ({
            name: name?.replace('session', own),
            attributes: [...(attributes ?? []), `Max-Age=${180 * days}`].sort(),
          })),
        );
      }
    }
    expect(browser.cookies.get(expected[0]?.name ?? '')).toMatch(/^[\w-]{43}$/);
    expect(browser.cookies.get(expected[1]?.name ?? '')).toBe('1');
  });

  test.each([
    ['http://localhost', {}, plain],
    ['https', https, secure],
  ])('are cleared by logging out at %s', async (_place, env, expected) => {
    await using server = await startTestServer(dialect, env);
    const { browser } = await signUp(server);
    const answer = await postTrpc(browser, 'auth.logout', undefined);
    const texts = answer.headers.getSetCookie();
    expect(texts.map(readAttributes)).toEqual(withMaxAge(expected, 0));
    for (const text of texts) expect(text).toMatch(/^[\w-]+=;/);
    expect([...browser.cookies.keys()]).toEqual([
      expect.stringMatching(/^(__Host-)?device$/),
      expect.stringMatching(/^(__Host-)?seen$/),
    ]);
  });

  test('of two sites on localhost are apart: neither signs the other out', async () => {
    await using one = await startTestServer(dialect);
    await using other = await startTestServer(dialect, { PUBLIC_URL: 'http://localhost:4000' });
    const { browser, client, user } = await signUp(one);
    const there = other.openBrowser();
    const share = (from: Browser, to: Browser) => {
      from.cookies.forEach((value, name) => to.cookies.set(name, value));
    };
    share(browser, there);
    await there.visit('/');
    await createClient(there).auth.register.mutate(makePerson());
    share(there, browser);
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
    await createClient(there).auth.logout.mutate();
    expect([...there.cookies.keys()].sort()).toEqual([
      'device',
      'device-4000',
      'seen',
      'seen-4000',
      'session',
      'signed-in',
    ]);
    share(there, browser);
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
  });

  // ASVS 3.3.3
  test('of a session on https are not taken under their plain names', async () => {
    await using server = await startTestServer(dialect, https);
    const { browser } = await signUp(server);
    const token = browser.cookies.get('__Host-session') ?? '';
    const other = server.openBrowser();
    other.cookies.set('session', token);
    const answer = await other.fetch('/trpc/auth.session');
    expect(await answer.json()).toEqual({ result: { data: null } });
  });
});
