import { dialects } from '@latchkey/db/testing';
import { notices, type NoticeKind } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import type { Browser } from '../testing/browser.ts';
import { setUpApp } from '../testing/authenticator-app.ts';
import { decode, findCode, readHeader, startMailServer } from '../testing/mail-server.ts';
import { sendMails } from '../testing/mailed.ts';
import { dropNotices, listNotices } from '../testing/notices.ts';
import { addPasskey, openDevice } from '../testing/passkey-device.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';
import { composeNotice } from './compose-notice.ts';
import { purgeExpiredSecureLinks } from './secure-link.ts';

const mailOn = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };
const newPassword = 'another quiet lantern';
const page = 'secure-account';
const expired = { httpStatus: 400, reason: 'link-expired' };

async function logIn(browser: Browser, identifier: string, password: string) {
  return (await postTrpc(browser, 'auth.login', { identifier, password })).status;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const secure = (server: TestServer, token: string) =>
  createClient(server.openBrowser()).auth.secureAccount.mutate({ token });

/** As a procedure tells of something. */
const tell = (
  { deps }: TestServer,
  user: { id: string; email: string },
  kind: NoticeKind,
  userAgent = 'curl/8',
) =>
  enqueueNotice(
    { deps, request: { ip: '192.0.2.7', headers: { 'user-agent': userAgent } } },
    { kind, user },
  );

/** Writes the notices that wait for a person, as when they are sent, and gives the code of their link. */
async function compose({ deps, database }: TestServer, userId: string) {
  const mail = await database.Mail.findOne({
    where: { kind: 'notice', userId },
    order: [['createdAt', 'ASC']],
    rejectOnEmpty: true,
  });
  const content = await composeNotice(deps, mail);
  return { content, code: /secure-account#([\w-]{43})$/m.exec(content?.text ?? '')?.[1] ?? '' };
}

/** Somebody to whom a notice was sent. */
async function signUpAndTell(server: TestServer) {
  const signedUp = await signUp(server);
  await tell(server, signedUp.user, 'new-sign-in');
  const { code } = await compose(server, signedUp.user.id);
  return { ...signedUp, code };
}

describe.each(dialects)('notices on %s', (dialect) => {
  test('that wait together are one mail, and those of others are not in it', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const [one, other] = [await signUp(server), await signUp(server)];
    await tell(server, one.user, 'passkey-added');
    await tell(server, other.user, 'recovery-code-used');
    await tell(server, one.user, 'authenticator-removed');
    await tell(server, { ...one.user, email: 'former@example.com' }, 'password-changed');
    await sendMails(server);
    const texts = new Map(mail.mails.map(({ to, source }) => [to, decode(source)]));
    expect(mail.mails).toHaveLength(3);
    const text = texts.get(one.person.email)?.replaceAll(/\s+/g, ' ') ?? '';
    expect(text).toMatch(
      /UTC: Passkey added\. curl, 192\.0\.2\.7\..*UTC: Authenticator app removed/,
    );
    expect(text).toContain('Subject: News about the security of your account');
    for (const line of ['recovery code', 'Password changed']) expect(text).not.toContain(line);
    expect(texts.get(other.person.email)).toContain('Subject: A recovery code was used');
    // The account has left that address: the mail there can stop nothing.
    const former = texts.get('former@example.com');
    expect(former).toContain('Password changed');
    expect(former).toContain('another email since then');
    expect(former).not.toContain('secure-account');
    mail.mails.splice(
      mail.mails.findIndex(({ to }) => to === 'former@example.com'),
      1,
    );
    expect(mail.mails.every((arrived) => findCode(arrived, page).length === 43)).toBe(true);
    // What was told is forgotten, and no code is kept.
    expect(await listNotices(server, one.user.id)).toEqual([]);
    const kept = JSON.stringify(await server.database.Mail.findAll());
    for (const arrived of mail.mails) {
      expect(kept + server.logLines.join('')).not.toContain(findCode(arrived, page));
    }
  });

  test('wait a minute for others', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { user } = await signUp(server);
    await tell(server, user, 'passkey-added');
    const [mail] = await server.database.Mail.findAll();
    const waitMs = (mail?.nextAttemptAt?.getTime() ?? 0) - (mail?.createdAt.getTime() ?? 0);
    expect(Math.abs(waitMs - 60_000)).toBeLessThan(1000);
  });

  test('hold nothing that was typed, and have an end however many there are', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { user } = await signUp(server, { name: 'Visit evil.example' });
    for (let round = 0; round < 23; round += 1) {
      await tell(server, user, 'new-sign-in', 'Visit https://evil.example Firefox/1 Linux');
    }
    const { content } = await compose(server, user.id);
    expect(content?.text).not.toContain('evil.example');
    expect(content?.html).not.toContain('evil.example');
    expect(content?.text.match(/Logged in on a new/g)).toHaveLength(20);
    expect(content?.text).toContain('And 3 more.');
    expect(content?.subject).toBe(notices['new-sign-in'].subject);
    expect(await server.database.Mail.count()).toBe(1);
  });

  test('are not sent to a disabled account', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { user } = await signUp(server);
    await tell(server, user, 'passkey-added');
    await server.database.User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    expect((await compose(server, user.id)).content).toBeNull();
    expect(await server.database.SecureLink.count()).toBe(0);
  });
});

describe.each(dialects)('the link of a notice on %s', (dialect) => {
  test('ends sessions, password and what is pending, and brings a link for a new password', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person, client, browser, user } = await signUp(server);
    const { database } = server;
    await database.User.update({ roles: ['member'] }, { where: { id: user.id } });
    await client.feed.create.mutate({});
    const intruder = server.openBrowser();
    await logIn(intruder, person.email, person.password);
    const reset = { userId: user.id, tokenHash: 'a'.repeat(64), expiresAt: new Date() };
    await database.PasswordReset.create(reset);
    await sendMails(server);
    const [notice] = mail.mails;
    const token = notice ? findCode(notice, page) : '';

    const owner = createClient(browser);
    expect(await owner.auth.secureAccount.mutate({ token })).toEqual({});
    expect(browser.cookies.get('session')).toBeUndefined();
    expect(await createClient(intruder).auth.session.query()).toBeNull();
    expect(await database.Session.count()).toBe(0);
    expect(await database.PasswordReset.count()).toBe(0);
    expect(await database.FeedAddress.count()).toBe(0);
    expect(await logIn(intruder, person.email, person.password)).toBe(401);
    expect(await logIn(browser, person.email, person.password)).toBe(401);

    mail.mails.length = 0;
    await sendMails(server);
    const [withReset] = mail.mails;
    expect(mail.mails.map(({ to }) => to)).toEqual([person.email]);
    expect(withReset && readHeader(withReset, 'subject')).toBe('Set a new password');
    const code = withReset ? findCode(withReset) : '';
    await owner.auth.resetPassword.mutate({ token: code, newPassword });
    expect(await listNotices(server, user.id)).toEqual(['password-reset']);
    await dropNotices(server);
    // Nobody's browser counts as known any more: the intruder's neither.
    expect(await logIn(intruder, person.email, newPassword)).toBe(200);
    expect(await listNotices(server, user.id)).toEqual(['new-sign-in']);
    expect(await logIn(browser, person.email, newPassword)).toBe(200);
    const events = (await owner.activity.list.query({})).map(({ event }) => event);
    expect(events).toContain('account-secured');
    expect(events).toContain('feed-revoked');
  });

  test.each([
    ['long before the notice', true],
    ['after it', false],
  ])('keeps an authenticator that was added %s: %s', async (_when, isBefore) => {
    await using server = await startTestServer(dialect, mailOn);
    const { client, user } = await signUp(server);
    if (isBefore) await setUpApp(client);
    await server.database.Authenticator.update({ confirmedAt: minutesAgo(2) }, { where: {} });
    await server.database.RecoveryCode.update({ createdAt: minutesAgo(2) }, { where: {} });
    await dropNotices(server);
    await tell(server, user, 'new-sign-in');
    if (!isBefore) await setUpApp(client);
    const { code } = await compose(server, user.id);
    await secure(server, code);
    expect(await server.database.Authenticator.count()).toBe(isBefore ? 1 : 0);
    expect(await server.database.RecoveryCode.count()).toBe(isBefore ? 10 : 0);
  });

  test('takes away the factor itself that it tells of', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { client, user } = await signUp(server);
    await dropNotices(server);
    const device = openDevice(server.deps.settings.publicOrigin);
    await addPasskey(client, device, 'Mine no more');
    await setUpApp(client);
    expect(await listNotices(server, user.id)).toEqual(['passkey-added', 'authenticator-added']);
    const { code } = await compose(server, user.id);
    await secure(server, code);
    for (const name of ['Authenticator', 'Passkey', 'RecoveryCode'] as const) {
      expect(await (server.database[name] as typeof server.database.Passkey).count(), name).toBe(0);
    }
  });

  test('works once, and not with a GET', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code, client } = await signUpAndTell(server);
    const scanner = server.openBrowser();
    for (const path of [`/secure-account?token=${code}`, `/secure-account/${code}`]) {
      await scanner.fetch(path);
    }
    const query = encodeURIComponent(JSON.stringify({ token: code }));
    expect((await scanner.fetch(`/trpc/auth.secureAccount?input=${query}`)).status).toBe(405);
    expect(await client.auth.session.query()).not.toBeNull();
    expect(await secure(server, code)).toEqual({});
    expect(await catchRefusal(secure(server, code))).toMatchObject(expired);
  });

  test('ends those of other notices with it', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code, user } = await signUpAndTell(server);
    await dropNotices(server);
    await tell(server, user, 'passkey-added');
    const second = await compose(server, user.id);
    expect(await secure(server, second.code)).toEqual({});
    expect(await catchRefusal(secure(server, code))).toMatchObject(expired);
    expect(await server.database.SecureLink.count()).toBe(0);
  });

  test('does nothing when it is wrong, over, of a disabled account or of a former address', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code, user, person } = await signUpAndTell(server);
    const { User, SecureLink, Session } = server.database;
    const expectExpired = async (token: string) =>
      expect(await catchRefusal(secure(server, token))).toMatchObject(expired);
    await expectExpired('A'.repeat(43));
    const where = { id: user.id };
    await User.update({ disabledAt: new Date() }, { where });
    await expectExpired(code);
    await User.update({ disabledAt: null }, { where });
    await User.update({ email: makePerson().email }, { where });
    await expectExpired(code);
    await User.update({ email: person.email }, { where });
    await SecureLink.update({ expiresAt: new Date() }, { where: {} });
    await expectExpired(code);
    expect(await Session.count()).toBe(1);
    expect(await purgeExpiredSecureLinks(server.database)).toBe(1);
  });

  test('outlives a new password and a request for a link, which an intruder may make', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code, client, person } = await signUpAndTell(server);
    const currentPassword = person.password;
    await client.account.changePassword.mutate({ currentPassword, newPassword });
    await client.auth.requestPasswordReset.mutate({ identifier: person.email });
    expect(await secure(server, code)).toEqual({});
    expect(await logIn(server.openBrowser(), person.email, newPassword)).toBe(401);
  });

  test('is made anew for each attempt to send its mail, and the former one ends', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code, user } = await signUpAndTell(server);
    await tell(server, user, 'passkey-added');
    const again = await compose(server, user.id);
    expect(again.content?.text).toContain('Passkey added');
    expect(await catchRefusal(secure(server, code))).toMatchObject(expired);
    expect(await secure(server, again.code)).toEqual({});
  });

  test('of two uses at once has one that counts', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { code } = await signUpAndTell(server);
    const uses = await Promise.allSettled([secure(server, code), secure(server, code)]);
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await server.database.Mail.count({ where: { kind: 'password-reset' } })).toBe(1);
  });
});

describe('the form of a notice’s link', () => {
  const whereTo = ({ status, headers }: Response) => [status, headers.get('location')];

  test('works without JavaScript, and leads to a new password', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const { code } = await signUpAndTell(server);
    const browser = server.openBrowser();
    const submit = async (token: string) =>
      whereTo(await browser.submit('/secure-account', { token }));
    expect(await submit('x')).toEqual([303, '/secure-account#broken-reset-link']);
    expect(await submit('A'.repeat(43))).toEqual([303, '/secure-account#link-expired']);
    const link = `http://localhost:3000/secure-account#${code}`;
    expect(await submit(link)).toEqual([303, '/forgot-password#account-secured']);
    expect(await submit(link)).toEqual([303, '/secure-account#link-expired']);
  });

  test('keeps the address to itself, and mends one that a program has broken', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const browser = server.openBrowser();
    const code = 'A'.repeat(43);
    const answer = await browser.visit('/secure-account');
    expect([answer.status, answer.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    expect(whereTo(await browser.visit(`/secure-account%23${code}`))).toEqual([
      302,
      `/secure-account#token=${code}`,
    ]);
  });

  test('is not there without a mail server', async () => {
    await using server = await startTestServer('sqlite');
    const refusal = await catchRefusal(secure(server, 'A'.repeat(43)));
    expect(refusal).toMatchObject({ httpStatus: 404, reason: 'not-found' });
  });

  test('may be sent ten times a minute', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const client = createClient(server.openBrowser());
    const guess = () => catchRefusal(client.auth.secureAccount.mutate({ token: 'A'.repeat(43) }));
    for (let round = 0; round < 10; round += 1) expect(await guess()).toMatchObject(expired);
    expect(await guess()).toMatchObject({ httpStatus: 429 });
  });
});
