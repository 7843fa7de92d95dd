import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { Piscina } from 'piscina';
import { QueryTypes } from 'sequelize';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setDisabled } from '../acts/change-person.ts';
import { findPerson } from '../admin/find-person.ts';
import { demandResetLink } from '../admin/reset-link.ts';
import { describeLink } from './reset-link.ts';
import { QueueFullError } from '../passwords/password-hasher.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';
import { purgeExpiredPasswordResets } from './password-reset.ts';

const newPassword = 'another quiet lantern';

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

const makeLink = async ({ deps }: TestServer, email: string) =>
  demandResetLink(deps, await findPerson(deps.database, email));

/** Sends a code from a browser of its own. */
const reset = (server: TestServer, token: string, password = newPassword) =>
  postTrpc(server.openBrowser(), 'auth.resetPassword', { token, newPassword: password });

const logIn = (server: TestServer, identifier: string, password: string) =>
  postTrpc(server.openBrowser(), 'auth.login', { identifier, password });

type SignedUp = Awaited<ReturnType<typeof signUp>>;

/** What makes the code of a link useless. */
const endings: [string, (server: TestServer, signedUp: SignedUp, token: string) => unknown][] = [
  ['half an hour', () => passSeconds(30 * 60)],
  ['its use', (server, _signedUp, token) => reset(server, token)],
  ['the next link', (server, { person }) => makeLink(server, person.email)],
  [
    'a new password',
    (_server, { client, person: { password: currentPassword } }) =>
      client.account.changePassword.mutate({ currentPassword, newPassword }),
  ],
  [
    'a new email',
    (_server, { client, person: { email } }) =>
      client.account.changeEmail.mutate({ email: `new.${email}` }),
  ],
  [
    'the operator, who disables the account',
    async ({ deps }, { person }) =>
      setDisabled(deps, await findPerson(deps.database, person.email), true),
  ],
  [
    'the operator, who disables the account and enables it again',
    async ({ deps }, { person }) => {
      const user = await findPerson(deps.database, person.email);
      await setDisabled(deps, user, true);
      await setDisabled(deps, user, false);
    },
  ],
  [
    'whatever else disables the account',
    ({ database }, { user: { id } }) =>
      database.User.update({ disabledAt: new Date() }, { where: { id } }),
  ],
  [
    'the deletion of the account',
    (_server, { client, person: { email } }) => client.account.delete.mutate({ email }),
  ],
];

async function readAnswer(answer: Response) {
  const headers = Object.fromEntries(answer.headers);
  delete headers['date'];
  return { status: answer.status, headers, body: await answer.text() };
}

describe.each(dialects)('a password reset on %s', (dialect) => {
  // ASVS 6.3.6, 7.2.4
  test('sets the password, ends every session and signs nobody in', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const bystander = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const stranger = server.openBrowser();
    const answer = await postTrpc(stranger, 'auth.resetPassword', { token, newPassword });
    expect([answer.status, await answer.json()]).toEqual([200, { result: { data: {} } }]);
    expect([...stranger.cookies]).toEqual([]);
    expect((await browser.visit('/secrets')).status).toBe(302);
    expect(await client.auth.session.query()).toBeNull();
    expect(await bystander.client.auth.session.query()).not.toBeNull();
    expect((await logIn(server, person.email, person.password)).status).toBe(401);
    await client.auth.login.mutate({ identifier: person.email, password: newPassword });
    const lines = await client.activity.list.query();
    expect(lines.map(({ event, address, device }) => [event, address, device])).toEqual(
      expect.arrayContaining([
        ['password-reset', stranger.address, 'An unknown device'],
        ['reset-link-made', null, null],
      ]),
    );
  });

  test('turns the address of the person’s feed off, and says so', async () => {
    await using server = await startTestServer(dialect);
    const { person, user, client } = await signUp(server);
    const feed = { userId: user.id, tokenHash: 'f'.repeat(64), madeAt: new Date() };
    await server.database.FeedAddress.create(feed);
    const { token } = await makeLink(server, person.email);
    expect((await reset(server, token)).status).toBe(200);
    expect(await server.database.FeedAddress.count()).toBe(0);
    await client.auth.login.mutate({ identifier: person.email, password: newPassword });
    const lines = await client.activity.list.query();
    expect(lines.map(({ event }) => event)).toContain('feed-revoked');
  });

  test('leaves neither code nor password in the database or the log', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const dump = async () =>
      JSON.stringify(
        await server.database.sequelize.query('SELECT * FROM password_resets', {
          type: QueryTypes.SELECT,
        }),
      );
    expect(await dump()).toContain(user.id);
    expect(await dump()).not.toContain(token);
    await reset(server, 'A'.repeat(43));
    await reset(server, token);
    expect(await dump()).toBe('[]');
    const log = server.logLines.join('');
    expect(log).not.toContain(token);
    expect(log).not.toContain(newPassword);
    const events = server.logLines
      .map((line) => JSON.parse(line) as { event?: string; outcome?: string; userId?: string })
      .filter(({ event }) => event?.startsWith('authn_password_change'));
    expect(events).toMatchObject([
      { event: 'authn_password_change_fail', outcome: 'invalid-reset-link', level: 40 },
      { event: 'authn_password_change', outcome: 'reset', userId: user.id },
    ]);
  });

  test.each(endings)('does not work after %s, and costs no hash', async (_name, end) => {
    await using server = await startTestServer(dialect);
    const signedUp = await signUp(server);
    const { email } = signedUp.person;
    const { token } = await makeLink(server, email);
    const unknown = await readAnswer(await reset(server, 'A'.repeat(43)));
    await end(server, signedUp, token);
    const before = await server.database.User.findOne({ raw: true });
    const run = vi.spyOn(Piscina.prototype, 'run');
    expect(await readAnswer(await reset(server, token, 'one more quiet lantern'))).toEqual(unknown);
    expect(run).not.toHaveBeenCalled();
    expect(await server.database.User.findOne({ raw: true })).toEqual(before);
    expect(unknown.status).toBe(400);
    expect(JSON.parse(unknown.body)).toMatchObject({
      error: {
        message: messages['invalid-reset-link'],
        data: { reason: 'invalid-reset-link', path: 'auth.resetPassword' },
      },
    });
  });

  test('works until half an hour is over, and takes the link as a whole', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const made = await makeLink(server, person.email);
    expect(made.expiresAt).toEqual(new Date('2026-11-21T12:30:00.250Z'));
    const { link } = describeLink(server.deps.settings, made);
    expect(link).toBe(`http://localhost:3000/reset-password#token=${made.token}`);
    passSeconds(30 * 60 - 1);
    expect(await purgeExpiredPasswordResets(server.database)).toBe(0);
    expect((await reset(server, ` ${link}\n`)).status).toBe(200);
  });

  test('is purged when it is over', async () => {
    await using server = await startTestServer(dialect);
    const [ada, grace] = [await signUp(server), await signUp(server)];
    await makeLink(server, ada.person.email);
    passSeconds(20 * 60);
    await makeLink(server, grace.person.email);
    passSeconds(10 * 60);
    expect(await purgeExpiredPasswordResets(server.database)).toBe(1);
    expect(await server.database.PasswordReset.findAll()).toMatchObject([
      { userId: grace.user.id },
    ]);
  });

  test('refuses a password that is easy to guess, and stays usable', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const client = createClient(server.openBrowser());
    const refuse = async (password: string) => {
      const call = client.auth.resetPassword.mutate({ token, newPassword: password });
      const { httpStatus, reason, fieldErrors } = await catchRefusal(call);
      return [httpStatus, reason, Object.keys(fieldErrors ?? {})];
    };
    expect(await refuse('short')).toEqual([400, 'invalid-input', ['newPassword']]);
    expect(await refuse('password1234')).toEqual([400, 'common-password', ['newPassword']]);
    expect(await refuse(person.email)).toEqual([400, 'personal-password', ['newPassword']]);
    expect((await reset(server, token)).status).toBe(200);
  });

  test('of many at once lets one through', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const { passwords } = server.deps;
    const hash = passwords.hash.bind(passwords);
    const { promise: allAreHashed, resolve } = Promise.withResolvers<undefined>();
    let hashed = 0;
    vi.spyOn(passwords, 'hash').mockImplementation(async (password) => {
      const stored = await hash(password);
      hashed += 1;
      if (hashed === 4) resolve(undefined);
      await allAreHashed;
      return stored;
    });
    const choices = [1, 2, 3, 4].map((number) => `quiet lantern number ${number}`);
    const answers = await Promise.all(choices.map((choice) => reset(server, token, choice)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 400, 400, 400]);
    const winner = choices[statuses.indexOf(200)] ?? '';
    expect((await logIn(server, person.email, winner)).status).toBe(200);
  });

  test('changes everything or nothing', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    vi.spyOn(server.database.Session, 'destroy').mockRejectedValueOnce(new Error('no disk'));
    expect((await reset(server, token)).status).toBe(500);
    expect(await client.auth.session.query()).not.toBeNull();
    expect((await logIn(server, person.email, person.password)).status).toBe(200);
    expect((await reset(server, token)).status).toBe(200);
  });

  test('lifts the wait of the account, however its person logs in', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    for (const identifier of [person.email, person.username]) {
      for (let count = 0; count < 5; count += 1) await logIn(server, identifier, 'not this one');
      expect((await logIn(server, identifier, person.password)).status, identifier).toBe(429);
    }
    const wrong = { currentPassword: 'not this one' };
    for (let count = 0; count < 5; count += 1) {
      await catchRefusal(client.account.export.mutate(wrong));
    }
    const { token } = await makeLink(server, person.email);
    expect((await reset(server, token)).status).toBe(200);
    for (const identifier of [person.email.toUpperCase(), person.username]) {
      expect((await logIn(server, identifier, newPassword)).status, identifier).toBe(200);
    }
    await client.auth.login.mutate({ identifier: person.email, password: newPassword });
    await client.account.export.mutate({ currentPassword: newPassword });
  });

  test('is tried ten times a minute from one address, and from others still', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const browser = server.openBrowser();
    const guess = (code: string) =>
      postTrpc(browser, 'auth.resetPassword', { token: code, newPassword });
    for (let count = 0; count < 10; count += 1) {
      expect((await guess('A'.repeat(43))).status).toBe(400);
    }
    const answer = await guess(token);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await reset(server, token)).status).toBe(200);
  });

  test('under overload tells when to come back, and uses nothing up', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const hash = vi.spyOn(server.deps.passwords, 'hash').mockRejectedValue(new QueueFullError());
    for (let count = 0; count < 12; count += 1) {
      const answer = await postTrpc(browser, 'auth.resetPassword', { token, newPassword });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    }
    hash.mockRestore();
    const answer = await postTrpc(browser, 'auth.resetPassword', { token, newPassword });
    expect(answer.status).toBe(200);
  });

  test('signs the browser out in which it is done, whoever was signed in there', async () => {
    await using server = await startTestServer(dialect);
    const [owner, other] = [await signUp(server), await signUp(server)];
    const { token } = await makeLink(server, owner.person.email);
    await other.client.auth.resetPassword.mutate({ token, newPassword });
    // The browser stays known to its person (record 27), which signs nobody in.
    expect([...other.browser.cookies.keys()]).toEqual(['device', 'seen']);
    expect(await server.database.Session.count()).toBe(0);
  });

  test('has one valid link, of however many are made at once', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const atOnce = Array.from({ length: 6 });
    // So that the connections of PostgreSQL are open, and nothing makes one wait for another but a lock.
    await Promise.all(atOnce.map(() => server.database.User.count()));
    const links = await Promise.all(atOnce.map(() => makeLink(server, person.email)));
    expect(await server.database.PasswordReset.count()).toBe(1);
    const statuses = [];
    for (const { token } of links) statuses.push((await reset(server, token)).status);
    expect(statuses.toSorted()).toEqual([200, 400, 400, 400, 400, 400]);
  });

  test('finds the code in a link with something around it', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    for (const wrap of [
      (code: string) => `<https://site.example/reset-password#token=${code}>.`,
      (code: string) => `https://site.example/reset-password%23token=${code}&utm_source=mail`,
      (code: string) => `\u200b${code.slice(0, 30)}\u00ad${code.slice(30)}\u200b`,
    ]) {
      const { token } = await makeLink(server, person.email);
      expect((await reset(server, wrap(token))).status, String(wrap)).toBe(200);
    }
  });

  test('says of a broken link that it is broken, and not that it was used', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    for (const broken of [
      token.slice(0, -1),
      `#token=${token.slice(5)}`,
      'nothing',
      'x'.repeat(9999),
    ]) {
      const call = createClient(server.openBrowser()).auth.resetPassword;
      expect(await catchRefusal(call.mutate({ token: broken, newPassword }))).toMatchObject({
        httpStatus: 400,
        reason: 'invalid-input',
        fieldErrors: { token: [messages['broken-reset-link']] },
      });
    }
    expect((await reset(server, token)).status).toBe(200);
  });

  test('leads from a link whose code came in the path to the right one, and logs neither', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const browser = server.openBrowser();
    for (const path of [
      ...[`/reset-password%23token=${token}`, `/reset-password%23token=${token}.`],
      ...[`/reset-password%2523token%253D${token}`, `/reset-password/${token}`],
      ...[`/Reset-Password%20%23token=${token}`, `/reset-password&token=${token}&utm_source=x`],
    ]) {
      const answer = await browser.visit(path);
      expect([path, answer.status, answer.headers.get('location')]).toEqual([
        ...[path, 302, `/reset-password#token=${token}`],
      ]);
      expect(answer.headers.get('cache-control'), path).toBe('private, no-store');
      expect(answer.headers.get('referrer-policy'), path).toBe('no-referrer');
    }
    const broken = await browser.visit(`/reset-password%23token=${token.slice(3)}`);
    expect(broken.headers.get('location')).toBe('/reset-password#broken-reset-link');
    for (const path of [
      '/reset-passwords',
      '/reset-password/other',
      `/x/reset-password#${token}`,
    ]) {
      expect((await browser.visit(path)).status, path).toBe(404);
    }
    expect((await browser.visit('/reset-password?utm_source=x')).status).toBe(200);
    expect(server.logLines.join('')).not.toContain(token.slice(3));
  });

  // ASVS 3.5.3
  test('is not used up by a GET, nor from another site', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const browser = server.openBrowser();
    const input = encodeURIComponent(JSON.stringify({ token, newPassword }));
    expect((await browser.fetch(`/trpc/auth.resetPassword?input=${input}`)).status).toBe(405);
    expect((await browser.visit(`/reset-password?token=${token}`)).status).toBe(200);
    const foreign = { origin: 'https://evil.example' };
    const answer = await postTrpc(browser, 'auth.resetPassword', { token, newPassword }, foreign);
    expect(answer.status).toBe(403);
    expect((await reset(server, token)).status).toBe(200);
  });
});
