/**
 * What whoever guesses passwords, or tries stolen pairs, gets from many addresses and with forged
 * headers, behind none, one and two proxies.
 */
import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:00Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What stands in X-Forwarded-For when a client at an address has sent a forged one along. */
const fronts = [
  { proxies: '0', write: (_address: string, forged: string) => forged },
  { proxies: '1', write: (address: string, forged: string) => `${forged}, ${address}` },
  { proxies: '2', write: (address: string, forged: string) => `${forged}, ${address}, 192.0.2.1` },
];
type Front = (typeof fronts)[number];

const cases = dialects.flatMap((dialect) => fronts.map((front) => ({ dialect, ...front })));
const mailOn = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };
const fill = (length: number, status: number) => Array<number>(length).fill(status);

/** Each time forged anew. */
let forgeries = 0;
function forge(): string {
  forgeries += 1;
  const host = forgeries % 250;
  return (
    [`198.51.100.${host}`, `2001:db8:${host}::1`, '127.0.0.1', `x${host}`][forgeries % 4] ?? ''
  );
}

async function post(
  { write }: Front,
  from: Browser,
  {
    procedure = 'auth.login',
    input,
    address,
  }: { procedure?: string; input: object; address: string },
): Promise<number> {
  const headers = { 'x-forwarded-for': write(address, forge()) };
  return (await postTrpc(from, procedure, input, headers)).status;
}

const logIn = (
  front: Front,
  from: Browser,
  { identifier, password, address }: { identifier: string; password: string; address: string },
) => post(front, from, { input: { identifier, password }, address });

/** Somebody whose browser has logged in before, and who is logged out there. */
async function leave(server: TestServer) {
  const signedUp = await signUp(server);
  await signedUp.client.auth.logout.mutate();
  return signedUp;
}

async function inTurn<Result>(count: number, one: (index: number) => Promise<Result>) {
  const results: Result[] = [];
  while (results.length < count) results.push(await one(results.length));
  return results;
}

describe.each(cases)('on $dialect behind $proxies proxies', ({ dialect, ...front }) => {
  const start = () => startTestServer(dialect, { ...mailOn, TRUST_PROXY: front.proxies });

  test('an account gives five tries to many addresses together, and its owner gets in', async () => {
    await using server = await start();
    const { person, browser } = await leave(server);
    const guess = (address: string) => {
      const wrong = { identifier: person.email, password: 'a guess of a stranger', address };
      return logIn(front, server.openBrowser(), wrong);
    };
    const addresses = [
      ...Array.from({ length: 12 }, (_, index) => `203.0.113.${index + 1}`),
      ...Array.from({ length: 12 }, (_, index) => `2001:db8:0:${index + 1}::1`),
    ];
    const statuses = await inTurn(addresses.length, (index) => guess(addresses[index] ?? ''));
    expect(statuses).toEqual([...fill(5, 401), ...fill(addresses.length - 5, 429)]);
    const right = { identifier: person.username, password: person.password };
    const stranger = server.openBrowser();
    expect(await logIn(front, stranger, { ...right, address: '203.0.113.99' })).toBe(429);
    expect(await logIn(front, browser, { ...right, address: '203.0.113.1' })).toBe(200);
    expect(await guess('203.0.113.100')).toBe(429);
  });

  test.each([
    ['an address', () => '203.0.113.9'],
    ['a /64', (index: number) => `2001:db8:7:7:${(index + 1).toString(16)}::${index + 1}`],
  ])('%s tries ten stolen pairs that are wrong, and no more', async (_where, place) => {
    await using server = await start();
    const { person, browser } = await leave(server);
    const wrong = () => ({ identifier: makePerson().email, password: 'stolen elsewhere' });
    const statuses = await inTurn(14, (index) =>
      logIn(front, server.openBrowser(), { ...wrong(), address: place(index) }),
    );
    expect(statuses).toEqual([...fill(10, 401), ...fill(4, 429)]);
    const right = { identifier: person.email, password: person.password, address: place(20) };
    expect(await logIn(front, server.openBrowser(), right)).toBe(429);
    // Who has logged in before does so from there too.
    expect(await logIn(front, browser, right)).toBe(200);
    // Without a proxy all of these come from this machine.
    const elsewhere = { ...right, address: '2001:db8:7:8::1' };
    const expected = front.proxies === '0' ? 429 : 200;
    expect(await logIn(front, server.openBrowser(), elsewhere)).toBe(expected);
  });

  test('an address tries thirty stolen pairs that are right, and no more', async () => {
    await using server = await start();
    const { person } = await leave(server);
    const right = { identifier: person.email, password: person.password, address: '203.0.113.9' };
    const statuses = await inTurn(32, () => logIn(front, server.openBrowser(), right));
    expect(statuses).toEqual([...fill(30, 200), 429, 429]);
  });

  test('an address makes twenty accounts, and asks for twenty links, a minute', async () => {
    await using server = await start();
    const address = '2001:db8:9:9::9';
    const register = () =>
      post(front, server.openBrowser(), {
        procedure: 'auth.register',
        input: makePerson(),
        address,
      });
    expect(await inTurn(21, register)).toEqual([...fill(20, 200), 429]);
    const ask = () =>
      post(front, server.openBrowser(), {
        procedure: 'auth.requestPasswordReset',
        input: { identifier: makePerson().email },
        address,
      });
    expect(await inTurn(21, ask)).toEqual([...fill(20, 200), 429]);
  });
});

test.each(dialects)(
  'a day of guesses from ever new addresses is at most forty on %s',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await leave(server);
    const [, front] = fronts;
    let looked = 0;
    for (let minutes = 0; minutes < 24 * 60; minutes += 10) {
      const address = `2001:db8:${minutes.toString(16)}:1::1`;
      const guess = { identifier: person.email, password: 'a guess of a stranger', address };
      for (let again = true; again;) {
        again = (await logIn(front as Front, server.openBrowser(), guess)) === 401;
        if (again) looked += 1;
      }
      vi.setSystemTime(Date.now() + 600_000);
    }
    expect(looked).toBeGreaterThan(5);
    expect(looked).toBeLessThanOrEqual(40);
    const right = { identifier: person.email, password: person.password, address: '203.0.113.1' };
    expect(await logIn(front as Front, browser, right)).toBe(200);
  },
);
