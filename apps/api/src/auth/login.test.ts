import { dialects } from '@latchkey/db/testing';
import bcrypt from 'bcryptjs';
import { Piscina } from 'piscina';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { QueueFullError } from '../passwords/password-hasher.ts';
import { parsePhcString } from '../passwords/phc-string.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Tries to log in from a browser of its own. */
function tryLogin(server: TestServer, identifier: string, password: string) {
  return postTrpc(server.openBrowser(), 'auth.login', { identifier, password });
}

describe.each(dialects)('logging in on %s', (dialect) => {
  // ASVS 6.1.3
  test('takes the email and the username in any case', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const { username } = person;
    for (const identifier of [
      person.email,
      person.email.toUpperCase(),
      ` ${person.email} `,
      username,
      username.toUpperCase(),
    ]) {
      const client = createClient(server.openBrowser());
      const { password } = person;
      expect(await client.auth.login.mutate({ identifier, password }), identifier).toEqual({
        user,
      });
      expect((await client.auth.session.query())?.user.id, identifier).toBe(user.id);
    }
  });

  test('takes another keyboard’s spelling of the same password', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server, { password: 'caf\u00e9 lantern river' });
    expect((await tryLogin(server, person.email, 'cafe\u0301 lantern river')).status).toBe(200);
    expect((await tryLogin(server, person.email, 'cafe lantern river')).status).toBe(401);
  });

  // ASVS 6.3.8
  test('answers unknown, wrong and disabled alike, byte for byte', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const disabled = await signUp(server);
    await server.database.User.update(
      { disabledAt: new Date() },
      { where: { id: disabled.user.id } },
    );
    const answers = [
      await tryLogin(server, person.email, 'a wrong password'),
      await tryLogin(server, 'nobody@example.com', person.password),
      await tryLogin(server, 'nobody', person.password),
      await tryLogin(server, disabled.person.email, disabled.person.password),
      await tryLogin(server, disabled.person.email, 'a wrong password'),
    ];
    const seen = await Promise.all(
      answers.map(async (answer) => {
        const headers = Object.fromEntries(answer.headers);
        delete headers['date'];
        return { status: answer.status, headers, body: await answer.text() };
      }),
    );
    for (const answer of seen) expect(answer).toEqual(seen[0]);
    expect(seen[0]).toMatchObject({ status: 401 });
    expect(seen[0]?.headers).not.toHaveProperty('set-cookie');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      error: {
        message: 'Incorrect email, username or password. Please try again.',
        code: -32001,
        data: {
          code: 'UNAUTHORIZED',
          httpStatus: 401,
          path: 'auth.login',
          reason: 'invalid-credentials',
        },
      },
    });
  });

  // ASVS 6.3.8
  test('hashes once for each of them', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const disabled = await signUp(server);
    await server.database.User.update(
      { disabledAt: new Date() },
      { where: { id: disabled.user.id } },
    );
    await server.deps.passwords.measure();
    for (const [identifier, password, status] of [
      [person.email, person.password, 200],
      [person.email, 'a wrong password', 401],
      ['nobody@example.com', 'a wrong password', 401],
      [disabled.person.email, disabled.person.password, 401],
      [disabled.person.email, 'a wrong password', 401],
    ] as const) {
      const run = vi.spyOn(Piscina.prototype, 'run');
      expect((await tryLogin(server, identifier, password)).status).toBe(status);
      expect(run, `${identifier} ${password}`).toHaveBeenCalledTimes(1);
      run.mockRestore();
    }
  });

  test('tells what was wrong only where the settings say so, and never of a disabled account', async () => {
    await using server = await startTestServer(dialect, { EXPLAIN_LOGIN_ERRORS: 'true' });
    const { person, user } = await signUp(server);
    const client = createClient(server.openBrowser());
    const getReason = async (identifier: string, password: string) =>
      (await catchRefusal(client.auth.login.mutate({ identifier, password }))).reason;
    expect(await getReason('nobody@example.com', 'wrong')).toBe('unknown-email');
    expect(await getReason(person.email, 'wrong')).toBe('wrong-password');
    await server.database.User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    expect(await getReason(person.email, person.password)).toBe('invalid-credentials');
  });

  // ASVS 7.2.2
  test('makes a new token each time and ends the browser’s former session alone', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const elsewhere = createClient(server.openBrowser());
    const input = { identifier: person.email, password: person.password };
    await elsewhere.auth.login.mutate(input);
    const former = browser.cookies.get('session') ?? '';
    await client.auth.login.mutate(input);
    expect(browser.cookies.get('session')).not.toBe(former);
    const withFormer = server.openBrowser();
    withFormer.cookies.set('session', former);
    expect(await createClient(withFormer).auth.session.query()).toBeNull();
    expect(await client.auth.session.query()).not.toBeNull();
    expect(await elsewhere.auth.session.query()).not.toBeNull();
    expect(await server.database.Session.count()).toBe(2);
  });

  // ASVS 7.2.2, 7.2.4
  test('never takes over a token that the browser brings along', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const browser = server.openBrowser();
    browser.cookies.set('session', 'planted-by-an-attacker-planted-by-an-attacker');
    const { email: identifier, password } = person;
    await createClient(browser).auth.login.mutate({ identifier, password });
    expect(browser.cookies.get('session')).toMatch(/^[\w-]{43}$/);
  });

  test('as somebody else ends the session of the one before', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const { client, browser } = await signUp(server);
    const former = browser.cookies.get('session') ?? '';
    await client.auth.login.mutate({ identifier: person.email, password: person.password });
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
    browser.cookies.set('session', former);
    expect(await client.auth.session.query()).toBeNull();
  });

  test('leaves a session alone when it fails', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    await catchRefusal(client.auth.login.mutate({ identifier: 'nobody', password: 'wrong' }));
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
  });

  // ASVS 6.2.10, 11.4.2
  test('replaces a hash of an older cost, once, and keeps the password', async () => {
    await using former = await startTestServer(dialect);
    const { person, user } = await signUp(former);
    await using raised = await startTestServer(
      dialect,
      { PASSWORD_SCRYPT_LOG2N: '11' },
      { database: former.database },
    );
    const readHash = async () =>
      (await raised.database.User.findByPk(user.id, { rejectOnEmpty: true })).passwordHash;
    const older = await readHash();
    expect((await tryLogin(raised, person.email, 'a wrong password')).status).toBe(401);
    expect(await readHash()).toBe(older);
    expect((await tryLogin(raised, person.email, person.password)).status).toBe(200);
    const replaced = await readHash();
    expect(parsePhcString(replaced)?.cost).toEqual({ log2N: 11, r: 8, p: 1 });
    expect((await tryLogin(raised, person.email, person.password)).status).toBe(200);
    expect(await readHash()).toBe(replaced);
  });

  test('never makes the end of a password that bcrypt did not see the password', async () => {
    await using server = await startTestServer(dialect);
    const { person, user, client } = await signUp(server);
    const readHash = async () =>
      (await server.database.User.findByPk(user.id, { rejectOnEmpty: true })).passwordHash;
    const seen = 'x'.repeat(72);
    const imported = bcrypt.hashSync(`${seen} the true end`, 4);
    await server.database.User.update({ passwordHash: imported }, { where: { id: user.id } });
    for (const typed of [`${seen} a typo`, seen, `${seen} the true end`]) {
      expect((await tryLogin(server, person.email, typed)).status, typed).toBe(200);
      expect(await readHash(), typed).toBe(imported);
    }
    expect((await tryLogin(server, person.email, seen.slice(1))).status).toBe(401);
    const newPassword = `${seen} a new end`;
    await client.account.changePassword.mutate({ currentPassword: seen, newPassword });
    expect(parsePhcString(await readHash())).not.toBeNull();
    expect((await tryLogin(server, person.email, seen)).status).toBe(401);
    expect((await tryLogin(server, person.email, newPassword)).status).toBe(200);
  });

  test('never puts an old password back that was changed while it was hashed anew', async () => {
    await using former = await startTestServer(dialect);
    const { person, user } = await signUp(former);
    await using raised = await startTestServer(
      dialect,
      { PASSWORD_SCRYPT_LOG2N: '11' },
      { database: former.database },
    );
    const { passwords } = raised.deps;
    const changed = await passwords.hash('changed meanwhile');
    vi.spyOn(passwords, 'hash').mockImplementationOnce(async () => {
      await raised.database.User.update({ passwordHash: changed }, { where: { id: user.id } });
      return former.deps.passwords.hash(person.password);
    });
    await tryLogin(raised, person.email, person.password);
    expect((await tryLogin(raised, person.email, 'changed meanwhile')).status).toBe(200);
    expect((await tryLogin(raised, person.email, person.password)).status).toBe(401);
  });

  test('under overload tells when to come back, and no limit counts it', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const { email: identifier, password } = person;
    const verify = vi
      .spyOn(server.deps.passwords, 'verify')
      .mockRejectedValue(new QueueFullError());
    const hash = vi.spyOn(server.deps.passwords, 'hash').mockRejectedValue(new QueueFullError());
    for (let attempt = 0; attempt < 40; attempt += 1) {
      for (const answer of [
        await postTrpc(browser, 'auth.login', { identifier, password }),
        await postTrpc(browser, 'auth.register', makePerson()),
      ]) {
        expect(answer.status, answer.url).toBe(503);
        expect(answer.headers.get('retry-after'), answer.url).toBe('5');
        expect(await answer.json(), answer.url).toMatchObject({
          error: { data: { reason: 'overloaded', retryAfterSeconds: 5 } },
        });
      }
    }
    verify.mockRestore();
    hash.mockRestore();
    expect((await postTrpc(browser, 'auth.login', { identifier, password })).status).toBe(200);
    expect((await postTrpc(browser, 'auth.register', makePerson())).status).toBe(200);
  });

  test('goes on under overload when only the new hash finds no room', async () => {
    await using former = await startTestServer(dialect);
    const { person, user } = await signUp(former);
    await using raised = await startTestServer(
      dialect,
      { PASSWORD_SCRYPT_LOG2N: '11' },
      { database: former.database },
    );
    vi.spyOn(raised.deps.passwords, 'hash').mockRejectedValueOnce(new QueueFullError());
    expect((await tryLogin(raised, person.email, person.password)).status).toBe(200);
    const row = await raised.database.User.findByPk(user.id, { rejectOnEmpty: true });
    expect(parsePhcString(row.passwordHash)?.cost.log2N).toBe(10);
  });
});
