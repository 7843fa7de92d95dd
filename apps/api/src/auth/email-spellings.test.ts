import { dialects } from '@latchkey/db/testing';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import { findUserByEmail } from '../users/find-user.ts';

beforeEach(() => vi.setConfig({ testTimeout: 60_000 }));

const shown = 'josé@exämple.de';
const spellings = [
  ...[shown, 'JOSÉ@EXÄMPLE.DE', 'jose\u0301@exa\u0308mple.de', 'josé@xn--exmple-cua.de'],
  ...['\ufeffjosé@exämple.de\u200e', 'jo\u200bsé@exäm\u00adple.de', 'josé＠ｅｘämple．de'],
];

describe.each(dialects)('an email address on %s', (dialect) => {
  test.each(spellings)('registered as %j is one person, in every spelling', async (email) => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server, { email });
    expect(user.email).toBe(shown);
    const rows = await server.database.User.findAll();
    expect(rows.map((row) => row.email)).toEqual(['josé@xn--exmple-cua.de']);
    for (const spelling of spellings) {
      const client = createClient(server.openBrowser());
      const again = client.auth.register.mutate(makePerson({ email: spelling }));
      expect(await catchRefusal(again), spelling).toMatchObject({ reason: 'email-taken' });
      const login = { identifier: spelling, password: person.password };
      expect((await client.auth.login.mutate(login)).user?.email, spelling).toBe(shown);
      expect((await findUserByEmail(server.database, spelling))?.id, spelling).toBe(user.id);
    }
  });

  test('is shown as people read it, and confirmed in any spelling', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client } = await signUp(server);
    const changed = await client.account.changeEmail.mutate({ email: 'ada@xn--exmple-cua.de' });
    expect(changed).toMatchObject({ user: { email: 'ada@exämple.de' } });
    expect((await client.account.export.mutate({})).user.email).toBe('ada@exämple.de');
    const page = await (await browser.visit('/dashboard')).text();
    expect(page).toContain('ada@exämple.de');
    expect(page).not.toContain('xn--');
    const other = await signUp(server);
    const taken = other.client.account.changeEmail.mutate({ email: 'Ada@Exämple.de' });
    expect(await catchRefusal(taken)).toMatchObject({ reason: 'email-taken' });
    const wrong = client.account.delete.mutate({ email: 'ada@example.de' });
    expect(await catchRefusal(wrong)).toMatchObject({ reason: 'invalid-input' });
    expect(await client.account.delete.mutate({ email: '\u200bADA@EXÄMPLE.de ' })).toEqual({});
  });

  test('has one count of failures, whether there is such an account or not', async () => {
    for (const isKnown of [true, false]) {
      await using server = await startTestServer(dialect);
      if (isKnown) await signUp(server, { email: shown });
      const statuses: number[] = [];
      for (const identifier of spellings) {
        const login = { identifier, password: 'not this one' };
        statuses.push((await postTrpc(server.openBrowser(), 'auth.login', login)).status);
      }
      expect(statuses, String(isKnown)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    }
  });

  test('is another one where it only looks alike', async () => {
    await using server = await startTestServer(dialect);
    for (const email of [
      'ada@example.com',
      'аda@example.com',
      'ada+x@example.com',
      'ada@ехample.com',
    ]) {
      expect((await signUp(server, { email })).user.email).toBe(email);
    }
    expect(await server.database.User.count()).toBe(4);
  });

  test('that is none is told what is wrong with it', async () => {
    await using server = await startTestServer(dialect);
    const register = (email: string) =>
      catchRefusal(createClient(server.openBrowser()).auth.register.mutate(makePerson({ email })));
    expect((await register('ada.example.com')).fieldErrors?.['email']).toEqual([
      'An email address needs an @, as in name@example.com.',
    ]);
    expect((await register('a..b@example.com')).fieldErrors?.['email']?.[0]).toMatch(/two dots/);
  });

  test('is part of what a password may not be, as it is read', async () => {
    await using server = await startTestServer(dialect);
    const person = makePerson({ email: 'ada@lövelacehaus.de', password: 'Lövelacehaus1' });
    const call = createClient(server.openBrowser()).auth.register.mutate(person);
    expect(await catchRefusal(call)).toMatchObject({ reason: 'personal-password' });
  });
});

test.each(['ada\u200b', '\ufeffada', '\u00a0ada\u200e', 'a\u00adda', 'ａｄａ'])(
  'A username that was pasted as %j is found',
  async (identifier) => {
    await using server = await startTestServer('sqlite');
    const { person } = await signUp(server, { username: 'ada' });
    const client = createClient(server.openBrowser());
    const { password } = person;
    expect((await client.auth.login.mutate({ identifier, password })).user?.username).toBe('ada');
    const again = client.auth.register.mutate(makePerson({ username: identifier }));
    expect(await catchRefusal(again)).toMatchObject({ reason: 'username-taken' });
  },
);

test.each([' '.repeat(12), '\u200b'.repeat(12), 'x'.repeat(12), '👩🏽‍🚀'.repeat(12)])(
  'The password %j is refused with a sentence, wherever a new one is set',
  async (password) => {
    await using server = await startTestServer('sqlite');
    const { person, client } = await signUp(server);
    const visitor = createClient(server.openBrowser());
    expect(
      await catchRefusal(visitor.auth.register.mutate(makePerson({ password }))),
    ).toMatchObject({
      httpStatus: 400,
      fieldErrors: { password: [expect.stringContaining('harder to guess')] },
    });
    const { password: currentPassword } = person;
    const change = client.account.changePassword.mutate({ currentPassword, newPassword: password });
    expect(await catchRefusal(change)).toMatchObject({
      fieldErrors: { newPassword: [expect.stringContaining('harder to guess')] },
    });
  },
);
