import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function logIn(browser: Browser, identifier: string, password: string): Promise<number> {
  return (await postTrpc(browser, 'auth.login', { identifier, password })).status;
}

/** A stranger takes every opening of the account, each time from another address. */
async function takeOpenings(server: TestServer, identifier: string, times: number): Promise<void> {
  for (let opening = 0; opening < times;) {
    const status = await logIn(server.openBrowser(), identifier, 'a guess of a stranger');
    if (status === 401) opening += 1;
    else vi.setSystemTime(Date.now() + 3_600_000);
  }
  expect(await logIn(server.openBrowser(), identifier, 'a guess of a stranger')).toBe(429);
}

/** Somebody whose browser has logged in before, and who is logged out there. */
async function leave(server: TestServer) {
  const signedUp = await signUp(server);
  await signedUp.client.auth.logout.mutate();
  return signedUp;
}

/** Puts the cookies of one browser that know its person into another one. */
function steal(from: Browser, into: Browser): Browser {
  into.cookies.set('device', from.cookies.get('device') ?? '');
  return into;
}

describe.each(dialects)('a browser that logged in before, on %s', (dialect) => {
  // ASVS 6.1.1
  test('gets its owner in while a stranger takes every opening, and others wait', async () => {
    await using server = await startTestServer(dialect);
    await using other = await startTestServer(dialect, {}, { database: server.database });
    const { person, browser } = await leave(server);
    await takeOpenings(server, person.email, 12);
    expect(await logIn(server.openBrowser(), person.email, person.password)).toBe(429);
    const elsewhere = steal(browser, other.openBrowser());
    expect(await logIn(elsewhere, person.email, person.password)).toBe(200);
    expect(await logIn(browser, person.username, person.password)).toBe(200);
    expect(await logIn(server.openBrowser(), person.email, person.password)).toBe(429);
  });

  test('gets in without JavaScript too', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    await takeOpenings(server, person.email, 6);
    const { email: identifier, password } = person;
    const form = await browser.submit('/login', { identifier, password });
    expect(form.headers.get('location')).not.toContain('#too-many-attempts');
    const stranger = await server.openBrowser().submit('/login', { identifier, password });
    expect(stranger.headers.get('location')).toContain('#too-many-attempts');
  });

  test('gets in from an address whose log-ins a stranger uses up', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const send = (from: Browser, password: string) =>
      postTrpc(
        from,
        'auth.login',
        { identifier: person.email, password },
        { 'x-forwarded-for': '203.0.113.9' },
      );
    for (let attempt = 0; attempt < 31; attempt += 1) await send(server.openBrowser(), 'a guess');
    expect((await send(server.openBrowser(), person.password)).status).toBe(429);
    expect((await send(browser, person.password)).status).toBe(200);
  });

  test('has five failures and then waits, as everybody does', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const thief = steal(browser, server.openBrowser());
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await logIn(thief, person.email, 'a guess')).toBe(401);
    }
    for (const waitSeconds of [30, 60, 120]) {
      const answer = await postTrpc(thief, 'auth.login', {
        identifier: person.email,
        password: person.password,
      });
      expect(answer.headers.get('retry-after')).toBe(String(waitSeconds));
      vi.setSystemTime(Date.now() + waitSeconds * 1000);
      expect(await logIn(thief, person.email, 'a guess'), String(waitSeconds)).toBe(401);
    }
    expect(await logIn(server.openBrowser(), person.email, person.password)).toBe(200);
  });

  test.each([
    ['made up', () => `${'A'.repeat(8)}.${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['of another account', ({ foreign }: { foreign: string; own: string }) => foreign],
    [
      'changed by a letter',
      ({ own }: { own: string }) => own.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
    ],
    ['cut', ({ own }: { own: string }) => own.slice(0, -1)],
    [
      'of another account in its name',
      ({ foreign, own }: { foreign: string; own: string }) => own.slice(0, 8) + foreign.slice(8),
    ],
    ['of 8 KB', ({ foreign }: { foreign: string }) => Array(120).fill(foreign).join('~')],
  ])('is not one whose cookie is %s', async (_what, forge) => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const { browser: others } = await leave(server);
    const [own = '', foreign = ''] = [browser, others].map(({ cookies }) => cookies.get('device'));
    await takeOpenings(server, person.email, 6);
    const forger = server.openBrowser();
    forger.cookies.set('device', forge({ own, foreign }));
    expect(await logIn(forger, person.email, person.password)).toBe(429);
  });

  test('is known no more after another has changed the password', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const elsewhere = createClient(server.openBrowser());
    await elsewhere.auth.login.mutate({ identifier: person.email, password: person.password });
    const newPassword = 'quiet lantern of the next year';
    await elsewhere.account.changePassword.mutate({
      currentPassword: person.password,
      newPassword,
    });
    await takeOpenings(server, person.email, 6);
    expect(await logIn(browser, person.email, newPassword)).toBe(429);
  });

  test('stays known where its own person changed the password', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const newPassword = 'quiet lantern of the next year';
    await client.account.changePassword.mutate({ currentPassword: person.password, newPassword });
    await client.auth.logout.mutate();
    await takeOpenings(server, person.email, 6);
    expect(await logIn(browser, person.email, newPassword)).toBe(200);
  });

  test('is known to five people, and under one id however often they log in', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const people = Array.from({ length: 6 }, () => makePerson());
    for (const person of people) await createClient(browser).auth.register.mutate(person);
    const read = () => (browser.cookies.get('device') ?? '').split('~').sort();
    const ids = read();
    expect(ids).toHaveLength(5);
    for (const { email, password } of people.slice(1)) await logIn(browser, email, password);
    expect(read()).toEqual(ids);
  });

  test('is not told from others by an answer, nor an account by it', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const answers = await Promise.all(
      [person.email, 'nobody@example.com'].map((identifier) =>
        postTrpc(browser, 'auth.login', { identifier, password: 'a guess' }),
      ),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts[0]).toBe(texts[1]);
    for (const answer of answers) expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
