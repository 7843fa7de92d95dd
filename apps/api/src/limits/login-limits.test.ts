import type { Dialect } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { purgeExpiredLimits } from './limiter.ts';

const start = new Date('2026-11-21T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

type Outcome = { status: number; retryAfter: number | null };

/** Tries to log in; from a new address unless it says which. */
async function tryLogin(
  server: TestServer,
  identifier: string,
  { password = 'a wrong password', from = server.openBrowser(), headers = {} } = {},
): Promise<Outcome> {
  const answer = await postTrpc(from, 'auth.login', { identifier, password }, headers);
  const retryAfter = answer.headers.get('retry-after');
  return { status: answer.status, retryAfter: retryAfter === null ? null : Number(retryAfter) };
}

async function repeat(times: number, attempt: () => Promise<Outcome>): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < times) statuses.push((await attempt()).status);
  return statuses;
}

const failed = { status: 401, retryAfter: null };
const fill = (length: number, status: number) => Array<number>(length).fill(status);

/** From this address, given by a proxy. */
function at(
  server: TestServer,
  address: string,
): { from: Browser; headers: Record<string, string> } {
  return { from: server.openBrowser(), headers: { 'x-forwarded-for': address } };
}

describe.each(dialects)('log-ins to one account on %s', (dialect: Dialect) => {
  test.each(['somebody', 'nobody'])(
    'wait after five failures, and each further one doubles the wait up to an hour: %s',
    async (who) => {
      await using server = await startTestServer(dialect);
      const { person } = await signUp(server);
      const identifier = who === 'somebody' ? person.email : 'nobody@example.com';
      expect(await repeat(5, () => tryLogin(server, identifier))).toEqual(fill(5, 401));
      for (const wait of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
        expect(await tryLogin(server, identifier)).toEqual({ status: 429, retryAfter: wait });
        passSeconds(wait - 1);
        expect(await tryLogin(server, identifier), String(wait)).toEqual({
          status: 429,
          retryAfter: 1,
        });
        passSeconds(1);
        expect(await tryLogin(server, identifier), String(wait)).toEqual(failed);
      }
    },
  );

  test('tell in the answer how long the wait is', async () => {
    await using server = await startTestServer(dialect);
    await repeat(5, () => tryLogin(server, 'nobody'));
    const answer = await postTrpc(server.openBrowser(), 'auth.login', {
      identifier: 'nobody',
      password: 'x',
    });
    expect(await answer.json()).toMatchObject({
      error: {
        message: 'Too many attempts. Please wait and try again.',
        data: { code: 'TOO_MANY_REQUESTS', reason: 'too-many-attempts', retryAfterSeconds: 30 },
      },
    });
  });

  // ASVS 6.3.1
  test('are refused during a wait with the right password too, and taken after it', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { email, password } = person;
    await repeat(5, () => tryLogin(server, email));
    expect((await tryLogin(server, email, { password })).status).toBe(429);
    expect((await tryLogin(server, email.toUpperCase(), { password })).status).toBe(429);
    passSeconds(30);
    expect((await tryLogin(server, email, { password })).status).toBe(200);
    expect(await repeat(5, () => tryLogin(server, email))).toEqual(fill(5, 401));
    expect(await tryLogin(server, email)).toEqual({ status: 429, retryAfter: 30 });
  });

  test('are counted together under the email and the username', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { email, username, password } = person;
    expect(await repeat(3, () => tryLogin(server, email))).toEqual(fill(3, 401));
    expect(await repeat(2, () => tryLogin(server, username))).toEqual(fill(2, 401));
    for (const identifier of [email, username]) {
      const refused = await tryLogin(server, identifier, { password });
      expect(refused, identifier).toEqual({ status: 429, retryAfter: 30 });
    }
    passSeconds(30);
    expect((await tryLogin(server, username, { password })).status).toBe(200);
    expect(await repeat(5, () => tryLogin(server, email))).toEqual(fill(5, 401));
  });

  test('have five tries again after five minutes without a wait', async () => {
    await using server = await startTestServer(dialect);
    expect(await repeat(4, () => tryLogin(server, 'nobody'))).toEqual(fill(4, 401));
    passSeconds(301);
    expect(await repeat(5, () => tryLogin(server, 'nobody'))).toEqual(fill(5, 401));
    expect((await tryLogin(server, 'nobody')).status).toBe(429);
  });

  test('count every one of twenty guesses at once', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => tryLogin(server, person.email)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      ...fill(5, 401),
      ...fill(15, 429),
    ]);
    expect(await tryLogin(server, person.email, { password: person.password })).toEqual({
      status: 429,
      retryAfter: 30,
    });
    passSeconds(30);
    const next = await Promise.all(
      Array.from({ length: 20 }, () => tryLogin(server, person.email)),
    );
    expect(next.map(({ status }) => status).sort()).toEqual([401, ...fill(19, 429)]);
  });

  test('wait for each other when twenty right ones come at once, rather than be refused', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const from = server.openBrowser();
    const logIn = () => tryLogin(server, person.email, { ...person, from });
    await repeat(2, () => tryLogin(server, person.email, { from }));
    const outcomes = await Promise.all(Array.from({ length: 20 }, logIn));
    expect(outcomes.map(({ status }) => status)).toEqual(fill(20, 200));
  });

  test('start afresh after a success', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { email, password } = person;
    for (let round = 0; round < 3; round += 1) {
      expect(await repeat(4, () => tryLogin(server, email))).toEqual(fill(4, 401));
      expect((await tryLogin(server, email, { password })).status).toBe(200);
    }
  });

  test('leave the live sessions of the person alone, and other accounts', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const other = await signUp(server);
    await repeat(6, () => tryLogin(server, person.email));
    expect((await client.auth.session.query())?.user.email).toBe(person.email);
    expect(await client.secrets.list.query()).toHaveProperty('items');
    const { email, password } = other.person;
    expect((await tryLogin(server, email, { password })).status).toBe(200);
  });

  // ASVS 6.3.1
  test('are counted by all servers of one database', async () => {
    await using one = await startTestServer(dialect);
    await using other = await startTestServer(dialect, {}, { database: one.database });
    expect(await repeat(3, () => tryLogin(one, 'nobody'))).toEqual(fill(3, 401));
    expect(await repeat(3, () => tryLogin(other, 'nobody'))).toEqual([401, 401, 429]);
    expect(await tryLogin(one, 'nobody')).toEqual({ status: 429, retryAfter: 30 });
  });

  test('are not made with a spelling that PostgreSQL takes for the same name, and counts do not', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server, { username: makePerson().username.replace('a', 'i') });
    const identifier = person.username.replace('i', '\u0130');
    expect((await tryLogin(server, identifier, { password: person.password })).status).toBe(401);
    expect((await tryLogin(server, person.username, { password: person.password })).status).toBe(
      200,
    );
  });

  test('are counted under a hash: what was typed is not kept', async () => {
    await using server = await startTestServer(dialect);
    await repeat(6, () => tryLogin(server, 'my-Password-in-the-wrong-field'));
    const rows = JSON.stringify(await server.database.RateLimit.findAll());
    expect(rows).toContain('login-waits-account');
    expect(rows.toLowerCase()).not.toContain('wrong-field');
  });

  test('are forgotten by the purge once their time is over, and not before', async () => {
    await using server = await startTestServer(dialect);
    await repeat(5, () => tryLogin(server, 'nobody'));
    await purgeExpiredLimits(server.database);
    expect((await tryLogin(server, 'nobody')).status).toBe(429);
    passSeconds(86_401);
    await purgeExpiredLimits(server.database);
    expect(await server.database.RateLimit.count()).toBe(0);
  });
});

describe.each(dialects)('log-ins from one address on %s', (dialect: Dialect) => {
  const nobody = () => makePerson().email;

  // ASVS 6.1.1, 6.3.1
  test('fail ten times a minute', async () => {
    await using server = await startTestServer(dialect);
    const from = server.openBrowser();
    expect(await repeat(11, () => tryLogin(server, nobody(), { from }))).toEqual([
      ...fill(10, 401),
      429,
    ]);
    expect((await tryLogin(server, nobody(), { from })).retryAfter).toBe(60);
    expect(await tryLogin(server, nobody())).toEqual(failed);
    passSeconds(61);
    expect(await tryLogin(server, nobody(), { from })).toEqual(failed);
  });

  test('are thirty a minute, successes included, and no success clears the count', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const from = server.openBrowser();
    const { email, password } = person;
    const statuses = await repeat(31, () => tryLogin(server, email, { password, from }));
    expect(statuses).toEqual([...fill(30, 200), 429]);
  });

  test('keep the count of failures over a success', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { email, password } = person;
    const from = server.openBrowser();
    expect(await repeat(9, () => tryLogin(server, nobody(), { from }))).toEqual(fill(9, 401));
    expect((await tryLogin(server, email, { password, from })).status).toBe(200);
    expect(await repeat(2, () => tryLogin(server, nobody(), { from }))).toEqual([401, 429]);
  });

  test('are counted as one for a whole IPv6 /64', async () => {
    await using server = await startTestServer(dialect);
    let host = 0;
    const statuses = await repeat(11, () => {
      host += 1;
      return tryLogin(server, nobody(), at(server, `2001:db8:7:7:${host}::${host}`));
    });
    expect(statuses).toEqual([...fill(10, 401), 429]);
    expect(await tryLogin(server, nobody(), at(server, '2001:db8:7:8::1'))).toEqual(failed);
  });

  test('are counted by the rightmost address that one trusted proxy gives', async () => {
    await using server = await startTestServer(dialect, { TRUST_PROXY: '1' });
    let spoofed = 0;
    const statuses = await repeat(11, () => {
      spoofed += 1;
      return tryLogin(server, nobody(), at(server, `198.51.100.${spoofed}, 203.0.113.9`));
    });
    expect(statuses).toEqual([...fill(10, 401), 429]);
    expect(await tryLogin(server, nobody(), at(server, '203.0.113.10'))).toEqual(failed);
  });

  test('are counted by the second from the right behind two proxies', async () => {
    await using server = await startTestServer(dialect, { TRUST_PROXY: '2' });
    let spoofed = 0;
    const statuses = await repeat(11, () => {
      spoofed += 1;
      const chain = `198.51.100.${spoofed}, 203.0.113.9, 192.0.2.${spoofed}`;
      return tryLogin(server, nobody(), at(server, chain));
    });
    expect(statuses).toEqual([...fill(10, 401), 429]);
  });

  test('are counted by the connection alone when no proxy is trusted', async () => {
    await using server = await startTestServer(dialect, { TRUST_PROXY: '0' });
    let spoofed = 0;
    const statuses = await repeat(11, () => {
      spoofed += 1;
      return tryLogin(server, nobody(), at(server, `198.51.100.${spoofed}`));
    });
    expect(statuses).toEqual([...fill(10, 401), 429]);
    expect(server.logLines.join('')).not.toContain('198.51.100.');
  });

  test('work with whatever a proxy writes for an address', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { email, password } = person;
    for (const address of ['unknown', '', ',', 'x'.repeat(4000), '203.0.113.7:51234', "';--"]) {
      const outcome = await tryLogin(server, email, { password, ...at(server, address) });
      expect([address, outcome.status]).toEqual([address, 200]);
    }
  });
});

describe.each(dialects)('registrations on %s', (dialect: Dialect) => {
  test('are twenty a minute from one address', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const register = async () => {
      const answer = await postTrpc(browser, 'auth.register', makePerson());
      return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after')) };
    };
    expect(await repeat(21, register)).toEqual([...fill(20, 200), 429]);
    expect((await register()).retryAfter).toBe(60);
    expect((await postTrpc(server.openBrowser(), 'auth.register', makePerson())).status).toBe(200);
    passSeconds(61);
    expect((await register()).status).toBe(200);
  });
});
