import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { createLog } from './log.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer } from '../testing/test-server.ts';

type Line = { level: number; event?: string; outcome?: string; address?: string; userId?: string };

const readLines = (texts: string[]) => texts.map((text) => JSON.parse(text) as Line);
const readEvents = (texts: string[]) => readLines(texts).filter(({ event }) => event !== undefined);

describe.each(dialects)('the log of a server on %s', (dialect) => {
  // ASVS 16.1.1, 16.2.1, 16.3.1, 16.3.3
  test('tells every event of the accounts: who, what, where from, how it went', async () => {
    await using server = await startTestServer(dialect);
    const { person, user, browser, client } = await signUp(server);
    const { email: identifier, password } = person;
    const who = { address: browser.address, userId: user.id };
    await client.auth.logout.mutate();
    for (let round = 0; round < 6; round += 1) {
      await postTrpc(browser, 'auth.login', { identifier, password: 'a wrong password' });
    }
    await postTrpc(browser, 'auth.login', { identifier: 'nobody', password });
    const failure = { ...who, event: 'authn_login_fail', outcome: 'wrong-password' };
    expect(readEvents(server.logLines)).toMatchObject([
      { ...who, event: 'user_created' },
      { ...who, event: 'session_ended', outcome: 'logout' },
      ...Array.from({ length: 5 }, () => failure),
      { ...who, event: 'authn_login_lock' },
      { address: who.address, event: 'excess_rate_limit_exceeded', outcome: 'login' },
      { address: who.address, event: 'authn_login_fail', outcome: 'unknown-email' },
    ]);
  });

  test('has one line for each request, when it was answered', async () => {
    await using server = await startTestServer(dialect);
    await server.openBrowser().fetch('/trpc/auth.session');
    const lines = server.logLines.map(
      (line) => JSON.parse(line) as { level: number; req?: object },
    );
    const info = 30;
    expect(lines.filter(({ req, level }) => req && level >= info)).toEqual([
      expect.objectContaining({
        msg: 'request completed',
        req: { method: 'GET', path: '/trpc/auth.session', ip: expect.any(String) as string },
        res: { statusCode: 200 },
        responseTime: expect.any(Number) as number,
      }),
    ]);
  });

  test('tells who logged in', async () => {
    await using server = await startTestServer(dialect);
    const { person, user, browser } = await signUp(server);
    const { email: identifier, password } = person;
    await postTrpc(browser, 'auth.login', { identifier, password });
    expect(readEvents(server.logLines).at(-1)).toMatchObject({
      event: 'authn_login_success',
      userId: user.id,
      address: browser.address,
    });
  });

  // ASVS 16.2.5
  test('holds nothing that was typed and no token, faults included', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const former = browser.cookies.get('session') ?? '';
    const typed = makePerson({ name: 'Nobody-should-read-this' });
    const identifier = 'password-in-the-wrong-field';
    await postTrpc(browser, 'auth.login', { identifier: person.email, password: person.password });
    await postTrpc(browser, 'auth.login', { identifier, password: typed.password });
    await browser.submit('/login?next=/secrets-of-next', { identifier, password: typed.password });
    await browser.fetch('/trpc/auth.session?input=query-of-the-session');
    await browser.fetch('/nowhere?token=token-of-the-query', { method: 'POST' });
    await browser.fetch('/trpc/auth.login', { method: 'POST', body: `{"${typed.password}` });
    // Every statement but those of the limits fails from here on, in the database itself.
    const tables = server.database.sequelize.getQueryInterface();
    await tables.dropAllTables({ skip: ['rate_limits'] });
    await postTrpc(browser, 'auth.login', { identifier, password: typed.password });
    await postTrpc(server.openBrowser(), 'auth.login', { identifier, password: typed.password });
    await postTrpc(server.openBrowser(), 'auth.register', typed);
    const text = server.logLines.join('');
    expect(text).toContain('"level":50');
    for (const secret of [
      ...[person.password, person.email, person.name, person.username],
      ...[typed.password, typed.email, typed.name, typed.username, identifier],
      ...[former, browser.cookies.get('session') ?? '', 'session='],
      ...['secrets-of-next', 'query-of-the-session', 'token-of-the-query'],
      '$scrypt$',
    ]) {
      expect(secret).not.toBe('');
      expect(text).not.toContain(secret);
    }
  });

  // ASVS 16.4.1
  test('keeps each event on one line, whatever an address or a path holds', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    await browser.fetch('/trpc/auth.session%0A{"event":"forged"}', {
      headers: { 'x-forwarded-for': '"},{"event":"forged"' },
    });
    expect(server.logLines.length).toBeGreaterThan(0);
    for (const line of server.logLines) expect(line).toMatch(/^[^\r\n]*\n$/);
    expect(readEvents(server.logLines)).toEqual([]);
  });
});

describe('a log', () => {
  const write = (level: 'info' | 'silent') => {
    const texts: string[] = [];
    return { texts, log: createLog({ logLevel: level }, { write: (text) => texts.push(text) }) };
  };

  test('tells an error and its causes in their own words alone', () => {
    const { texts, log } = write('info');
    const cause = Object.assign(new Error('inner'), { parameters: ['hunter2'] });
    const error = Object.assign(new Error('outer', { cause }), {
      code: 'E_OUTER',
      sql: "SELECT 'hunter2'",
      rawPacket: Buffer.from('hunter2'),
    });
    log.error({ err: error }, 'It failed.');
    const [line] = texts.map((text) => JSON.parse(text) as { err: object });
    expect(line?.err).toMatchObject({
      type: 'Error',
      message: 'outer',
      code: 'E_OUTER',
      cause: { type: 'Error', message: 'inner' },
    });
    expect(line?.err).toHaveProperty('stack');
    expect(texts.join('')).not.toContain('hunter2');
  });

  test('hides what is secret by its name', () => {
    const { texts, log } = write('info');
    log.info({
      password: 'hunter2',
      token: 'hunter2',
      a: { password: 'hunter2' },
      cookie: 'hunter2',
    });
    expect(texts.join('')).not.toContain('hunter2');
  });

  test('says nothing when it is silent', () => {
    const { texts, log } = write('silent');
    log.fatal('anything');
    expect(texts).toEqual([]);
  });
});
