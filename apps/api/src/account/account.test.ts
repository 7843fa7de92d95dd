import { QueryTypes } from 'sequelize';
import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { describe, expect, test, vi } from 'vitest';
import { findPerson } from '../admin/find-person.ts';
import { demandResetLink } from '../admin/reset-link.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

/** Signs somebody in on one more browser. */
async function logInAgain(server: TestServer, person: { email: string; password: string }) {
  const browser = server.openBrowser();
  const client = createClient(browser);
  await client.auth.login.mutate({ identifier: person.email, password: person.password });
  return { browser, client };
}

/** All that stands in the database, but for the counters of limits. */
async function dumpRows({ database }: TestServer): Promise<string> {
  const { sequelize, User, Session, Activity, FeedAddress, PasswordReset } = database;
  const rows = await Promise.all(
    [User, Session, Activity, FeedAddress, PasswordReset].map((model) =>
      sequelize.query(`SELECT * FROM ${model.tableName}`, { type: QueryTypes.SELECT }),
    ),
  );
  return JSON.stringify(rows);
}

describe.each(dialects)('the account on %s', (dialect) => {
  test('changes name and username, and takes the username away', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const name = `<b>Zoë</b> '); DROP TABLE users;--`;
    expect(await client.account.update.mutate({ name, username: 'zoe' })).toEqual({
      user: { ...user, name, username: 'zoe' },
    });
    expect((await client.account.update.mutate({ name: 'Zoë' })).user.username).toBe('zoe');
    expect((await client.account.update.mutate({ name, username: '' })).user.username).toBeNull();
    expect((await client.auth.session.query())?.user).toEqual({ ...user, name, username: null });
  });

  test('keeps what two windows save at once, each its own field', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { account } = client;
    await Promise.all([
      account.update.mutate({ name: 'Zoë' }),
      account.update.mutate({ username: 'zoe' }),
    ]);
    expect((await client.auth.session.query())?.user).toEqual({
      ...user,
      name: 'Zoë',
      username: 'zoe',
    });
    expect((await account.update.mutate({ username: null })).user.name).toBe('Zoë');
    expect((await account.update.mutate({ name: 'Ada' })).user.username).toBeNull();
  });

  test('writes nothing for a change that changes nothing', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { name, username, email } = user;
    const before = await dumpRows(server);
    const logged = server.logLines.length;
    for (const input of [{}, { name }, { username }, { name: ` ${name} `, username }]) {
      expect(await client.account.update.mutate(input), JSON.stringify(input)).toEqual({ user });
    }
    expect(await client.account.changeEmail.mutate({ email })).toEqual({ user });
    expect(await client.sessions.revokeOthers.mutate({})).toEqual({ ended: 0 });
    expect(await dumpRows(server)).toBe(before);
    expect(server.logLines.slice(logged).join('')).not.toMatch(/user_updated|session_ended/);
  });

  test('writes one line for the same change sent many times at once', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const save = () => client.account.update.mutate({ name: 'Zoë', username: 'zoe' });
    await Promise.all(Array.from({ length: 5 }, save));
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toEqual(['profile-changed', 'registered']);
  });

  test('is gone when it is deleted while it is changed', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { User } = server.database;
    const find = User.findByPk.bind(User);
    vi.spyOn(User, 'findByPk').mockImplementationOnce(async (id, options) => {
      await User.destroy({ where: { id: user.id }, transaction: options?.transaction ?? null });
      return find(id, options);
    });
    expect(await catchRefusal(client.account.update.mutate({ name: 'Zoë' }))).toMatchObject({
      httpStatus: 401,
      reason: 'sign-in-required',
    });
  });

  test('refuses a taken username or email in any case, and changes nothing', async () => {
    await using server = await startTestServer(dialect);
    const { person: other } = await signUp(server);
    const { client, user } = await signUp(server);
    const username = other.username.toUpperCase();
    expect(
      await catchRefusal(client.account.update.mutate({ name: 'New', username })),
    ).toMatchObject({
      httpStatus: 409,
      reason: 'username-taken',
      fieldErrors: { username: [messages['username-taken']] },
    });
    const email = other.email.toUpperCase();
    expect(await catchRefusal(client.account.changeEmail.mutate({ email }))).toMatchObject({
      httpStatus: 409,
      reason: 'email-taken',
      fieldErrors: { email: [messages['email-in-use']] },
    });
    expect((await client.auth.session.query())?.user).toEqual(user);
  });

  test('counts other usernames as it counts registrations, since it tells which are taken', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    const { name, username } = person;
    const other = () => client.account.update.mutate({ name, username: makePerson().username });
    // Of the twenty in a minute the registration was one.
    for (let times = 0; times < 19; times += 1) await other();
    expect(await catchRefusal(other())).toMatchObject({
      httpStatus: 429,
      reason: 'too-many-attempts',
    });
    const { user } = await client.account.update.mutate({ name: 'Zoë' });
    await client.account.update.mutate({ name, username: user.username?.toUpperCase() });
    await client.account.update.mutate({ name, username: '' });
    expect(await catchRefusal(client.account.update.mutate({ name, username }))).toMatchObject({
      httpStatus: 429,
    });
  });

  test('takes a new email, its own in another case too, and logs in with it', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, user } = await signUp(server);
    for (const email of [person.email.toUpperCase(), makePerson().email]) {
      expect(await client.account.changeEmail.mutate({ email })).toEqual({
        user: { ...user, email },
      });
      await logInAgain(server, { ...person, email });
    }
    const { email: identifier, password } = person;
    const former = createClient(server.openBrowser()).auth.login.mutate({ identifier, password });
    expect(await catchRefusal(former)).toMatchObject({ httpStatus: 401 });
  });

  test('tells of bad input by field', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const refuse = async (call: Promise<unknown>) => {
      const { httpStatus, fieldErrors = {} } = await catchRefusal(call);
      return [httpStatus, Object.keys(fieldErrors)];
    };
    const { account } = client;
    expect(await refuse(account.update.mutate({ name: ' ', username: '!' }))).toEqual([
      400,
      ['name', 'username'],
    ]);
    expect(await refuse(account.changeEmail.mutate({ email: 'ada' }))).toEqual([400, ['email']]);
    expect(
      await refuse(account.changePassword.mutate({ currentPassword: '', newPassword: 'short' })),
    ).toEqual([400, ['currentPassword', 'newPassword']]);
  });

  // ASVS 7.2.4
  test('changes the password, ends the other sessions and goes on under a new token', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const other = await logInAgain(server, person);
    const bystander = await signUp(server);
    const former = browser.cookies.get('session') ?? '';
    const newPassword = 'another quiet lantern';
    const input = { currentPassword: person.password, newPassword };
    expect(await client.account.changePassword.mutate(input)).toEqual({});
    expect(await client.auth.session.query()).not.toBeNull();
    expect(browser.cookies.get('session')).not.toBe(former);
    expect(await other.client.auth.session.query()).toBeNull();
    expect(await bystander.client.auth.session.query()).not.toBeNull();
    browser.cookies.set('session', former);
    expect(await client.auth.session.query()).toBeNull();
    await logInAgain(server, { ...person, password: newPassword });
    expect(await catchRefusal(logInAgain(server, person))).toMatchObject({ httpStatus: 401 });
  });

  // ASVS 6.2.3
  test('keeps the password when the current one is wrong or the new one easy to guess', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const { password: currentPassword } = person;
    const change = (input: { currentPassword: string; newPassword: string }) =>
      catchRefusal(client.account.changePassword.mutate(input));
    expect(
      await change({ currentPassword: 'not this one', newPassword: 'another quiet lantern' }),
    ).toMatchObject({
      httpStatus: 400,
      reason: 'wrong-password',
      fieldErrors: { currentPassword: [messages['wrong-password']] },
    });
    expect(await change({ currentPassword, newPassword: 'password1234' })).toMatchObject({
      httpStatus: 400,
      reason: 'common-password',
      fieldErrors: { newPassword: [messages['common-password']] },
    });
    expect(await change({ currentPassword, newPassword: person.email })).toMatchObject({
      reason: 'personal-password',
    });
    await logInAgain(server, person);
  });

  test('of two changes of the password at once takes one', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const other = await logInAgain(server, person);
    const newPasswords = ['quiet lantern number one', 'quiet lantern number two'];
    const [one, two] = await Promise.allSettled(
      [client, other.client].map(({ account }, index) =>
        account.changePassword.mutate({
          currentPassword: person.password,
          newPassword: newPasswords[index] ?? '',
        }),
      ),
    );
    expect([one?.status, two?.status].sort()).toEqual(['fulfilled', 'rejected']);
    const winner = newPasswords[one?.status === 'fulfilled' ? 0 : 1] ?? '';
    await logInAgain(server, { ...person, password: winner });
    expect(await server.database.Session.count()).toBe(2);
  });

  test('changes everything about a password or nothing', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const other = await logInAgain(server, person);
    vi.spyOn(server.database.Session, 'update').mockRejectedValueOnce(new Error('no disk'));
    const answer = await postTrpc(browser, 'account.changePassword', {
      currentPassword: person.password,
      newPassword: 'another quiet lantern',
    });
    expect(answer.status).toBe(500);
    expect(await client.auth.session.query()).not.toBeNull();
    expect(await other.client.auth.session.query()).not.toBeNull();
    await logInAgain(server, person);
  });

  // ASVS 14.2.6
  test('is exported whole and without a secret', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client, user } = await signUp(server);
    const { Session, Activity, User } = server.database;
    await logInAgain(server, person);
    const bystander = await signUp(server);
    const [article] = (await client.articles.list.query()).items;
    await client.articles.read.mutate({ slug: article?.slug ?? '' });
    const exported = await client.account.export.mutate({});
    expect(exported.user).toMatchObject(user);
    expect(exported.articlesRead).toMatchObject([{ slug: article?.slug }]);
    const userId = user.id;
    expect(exported.sessions).toHaveLength(await Session.count({ where: { userId } }));
    expect(exported.sessions.filter(({ isCurrent }) => isCurrent)).toMatchObject([
      { address: browser.address, userAgent: 'node', staySignedIn: false },
    ]);
    expect(exported.activities.map(({ event }) => event)).toEqual([
      'data-exported',
      'logged-in',
      'registered',
    ]);
    expect(exported.activities).toHaveLength(await Activity.count({ where: { userId } }));
    const text = JSON.stringify(exported);
    const sessions = await Session.findAll();
    const users = await User.findAll();
    for (const secret of [
      person.password,
      bystander.person.email,
      browser.cookies.get('session'),
      ...sessions.map(({ tokenHash }) => tokenHash),
      ...users.map(({ passwordHash }) => passwordHash),
    ]) {
      expect(text).not.toContain(secret);
    }
    const known = { ...users[0]?.get(), ...sessions[0]?.get() };
    const secretKeys = [
      'passwordHash',
      'tokenHash',
      'userId',
      'updatedAt',
      'disabledAt',
      'waitingSince',
    ];
    for (const key of Object.keys(known).filter((name) => !secretKeys.includes(name))) {
      expect(text).toContain(`"${key}":`);
    }
  });

  test('is deleted with every row, its cookies and its sessions, and nobody else is', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, user } = await signUp(server);
    const other = await logInAgain(server, person);
    const bystander = await signUp(server);
    await demandResetLink(server.deps, await findPerson(server.database, user.id));
    const feed = { userId: user.id, tokenHash: 'f'.repeat(64), madeAt: new Date() };
    await server.database.FeedAddress.create(feed);
    const answer = await postTrpc(browser, 'account.delete', {
      email: person.email.toUpperCase(),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect([...browser.cookies.keys()]).toEqual([]);
    expect(await other.client.auth.session.query()).toBeNull();
    const rows = await dumpRows(server);
    for (const trace of [user.id, person.email, person.name, person.username, browser.address]) {
      expect(rows).not.toContain(trace);
    }
    expect(rows).toContain(bystander.user.id);
    expect(await bystander.client.auth.session.query()).not.toBeNull();
    expect((await signUp(server, { email: person.email })).user.id).not.toBe(user.id);
  });

  test('is not deleted without its own email', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { person: other } = await signUp(server);
    for (const email of [other.email, 'x', `${user.email}.`]) {
      expect(await catchRefusal(client.account.delete.mutate({ email }))).toMatchObject({
        httpStatus: 400,
        reason: 'invalid-input',
        fieldErrors: { email: [messages['email-mismatch']] },
      });
    }
    expect(await server.database.User.count()).toBe(2);
  });

  test('asks as often as registering whether an email is taken, and no more', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { client } = await signUp(server);
    const { email } = person;
    const ask = () => catchRefusal(client.account.changeEmail.mutate({ email }));
    for (let count = 0; count < 19; count += 1) expect((await ask()).httpStatus).toBe(409);
    expect(await ask()).toMatchObject({ httpStatus: 429, reason: 'too-many-attempts' });
  });
});
