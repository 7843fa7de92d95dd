import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { Piscina } from 'piscina';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { listProcedures } from '../testing/list-procedures.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00.250Z') });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

const id = '0b0e7bd1-7d2e-4c4b-9a53-5d9f5f0f8a11';
/** Each sensitive procedure with input that it would go on with. */
const sensitive = [
  ['account.changeEmail', () => ({ email: makePerson().email }), 200],
  ['account.export', () => undefined, 200],
  ['account.delete', ({ email }: { email: string }) => ({ email }), 200],
  ['sessions.revoke', () => ({ id }), 404],
  ['sessions.revokeOthers', () => undefined, 200],
] as const;

async function readError(answer: Response) {
  const { error } = (await answer.json()) as { error: { data: Record<string, unknown> } };
  return { status: answer.status, ...error.data };
}

describe.each(dialects)('a proof on %s', (dialect) => {
  // ASVS 7.5.1
  test.each(sensitive)('is demanded by %s after five minutes', async (path, makeInput, status) => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const before = await server.database.User.findOne({ raw: true });
    passSeconds(301);
    expect(await readError(await postTrpc(browser, path, makeInput(person)))).toMatchObject({
      status: 403,
      reason: 'password-required',
    });
    const wrong = { ...makeInput(person), currentPassword: 'not this one' };
    expect(await readError(await postTrpc(browser, path, wrong))).toMatchObject({
      status: 400,
      reason: 'wrong-password',
      fieldErrors: { currentPassword: [messages['wrong-password']] },
    });
    expect(await server.database.User.findOne({ raw: true })).toEqual(before);
    expect(await server.database.Session.count()).toBe(1);
    const right = { ...makeInput(person), currentPassword: person.password };
    expect((await postTrpc(browser, path, right)).status).toBe(status);
  });

  test.each(sensitive)('is not demanded by %s before that', async (path, makeInput, status) => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    passSeconds(300);
    expect((await postTrpc(browser, path, makeInput(person))).status).toBe(status);
  });

  // ASVS 7.2.4
  test('renews the token, kills the former one and lasts five minutes more', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    passSeconds(301);
    const former = browser.cookies.get('session') ?? '';
    await server.deps.passwords.measure();
    const run = vi.spyOn(Piscina.prototype, 'run');
    await client.sessions.revokeOthers.mutate({ currentPassword: person.password });
    expect(run).toHaveBeenCalledTimes(1);
    expect(browser.cookies.get('session')).toMatch(/^[\w-]{43}$/);
    expect(browser.cookies.get('session')).not.toBe(former);
    const thief = server.openBrowser();
    thief.cookies.set('session', former);
    expect(await createClient(thief).auth.session.query()).toBeNull();
    passSeconds(300);
    await client.sessions.revokeOthers.mutate({});
    passSeconds(1);
    expect(await catchRefusal(client.sessions.revokeOthers.mutate({}))).toMatchObject({
      httpStatus: 403,
    });
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('password-confirmed');
  });

  test('that comes along must be right, however recent the last one is', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const wrong = { currentPassword: 'not this one' };
    passSeconds(1);
    expect(await catchRefusal(client.sessions.revokeOthers.mutate(wrong))).toMatchObject({
      reason: 'wrong-password',
    });
    const [latest] = await client.activity.list.query();
    expect(latest?.event).toBe('login-failed');
  });

  test('is guessed no faster than at the log-in, by all procedures together', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const wrong = { currentPassword: 'not this one' };
    const right = { currentPassword: person.password };
    for (let count = 0; count < 4; count += 1) {
      await catchRefusal(client.account.export.mutate(wrong));
    }
    const newPassword = 'another quiet lantern';
    await catchRefusal(client.account.changePassword.mutate({ ...wrong, newPassword }));
    for (const call of [
      () => client.account.export.mutate(right),
      () => client.account.changePassword.mutate({ ...right, newPassword }),
    ]) {
      expect(await catchRefusal(call()), String(call)).toMatchObject({
        httpStatus: 429,
        reason: 'too-many-attempts',
        retryAfterSeconds: 30,
      });
    }
    expect(await client.auth.session.query()).not.toBeNull();
    const { email: identifier, password } = person;
    expect((await postTrpc(browser, 'auth.login', { identifier, password })).status).toBe(200);
    passSeconds(31);
    await client.account.export.mutate(right);
  });

  test('is not in the way of its person when a stranger guesses at the log-in', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const stranger = createClient(server.openBrowser());
    const guess = { identifier: person.email, password: 'not this one' };
    for (let count = 0; count < 6; count += 1)
      await catchRefusal(stranger.auth.login.mutate(guess));
    await client.account.export.mutate({ currentPassword: person.password });
  });

  test('is demanded after the input was looked at, so that nothing is asked in vain', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    passSeconds(301);
    const refusal = await catchRefusal(client.account.changeEmail.mutate({ email: 'ada' }));
    expect([refusal.httpStatus, refusal.reason]).toEqual([400, 'invalid-input']);
  });
});

/** Whoever comes may call them: they log in, or count articles. */
const isForAll = (path: string) => /^(auth\.|articles\.|passkeys\.(start|finish)Login$)/.test(path);
const forMembers = listProcedures().filter(({ path }) => !isForAll(path));

// ASVS 6.3.4, 8.2.1
test('A visitor gets 401 from every procedure of the account', async () => {
  await using server = await startTestServer('sqlite');
  expect(forMembers.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      ...sensitive.map(([path]) => path),
      'sessions.list',
      'passkeys.remove',
    ]),
  );
  for (const { path, isQuery } of forMembers) {
    // To everybody but operators these do not exist: they have tests of their own.
    if (path.startsWith('operator.')) continue;
    const browser = server.openBrowser();
    const input = {
      ...{ id, name: 'Ada', email: 'ada@example.com' },
      ...{ currentPassword: 'quiet lantern moss', newPassword: 'quiet lantern moss' },
    };
    const answer = isQuery
      ? await browser.fetch(`/trpc/${path}`)
      : await postTrpc(browser, path, input);
    expect([path, answer.status]).toEqual([path, 401]);
  }
});

test('A full password queue is told as such, and costs no try', async () => {
  await using server = await startTestServer('sqlite');
  const { person, client } = await signUp(server);
  const { QueueFullError } = await import('../passwords/password-hasher.ts');
  const input = { currentPassword: person.password };
  vi.spyOn(server.deps.passwords, 'verify').mockRejectedValue(new QueueFullError());
  for (let count = 0; count < 8; count += 1) {
    expect(await catchRefusal(client.account.export.mutate(input))).toMatchObject({
      httpStatus: 503,
      reason: 'overloaded',
      retryAfterSeconds: 5,
    });
  }
  vi.restoreAllMocks();
  await client.account.export.mutate(input);
  vi.spyOn(server.deps.passwords, 'hash').mockRejectedValue(new QueueFullError());
  const change = { ...input, newPassword: 'another quiet lantern' };
  expect(await catchRefusal(client.account.changePassword.mutate(change))).toMatchObject({
    httpStatus: 503,
  });
});
