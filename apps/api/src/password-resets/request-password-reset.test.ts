import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { startMail } from '../start-mail.ts';
import { findCode, startMailServer } from '../testing/mail-server.ts';
import { mailOn, sendMails } from '../testing/mailed.ts';
import { makePerson, signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

const brisk = { idleMs: 20, awayMs: 20, endMs: 2000 };
const patient = { timeout: 20_000 };
const newPassword = 'another quiet lantern';

const ask = (server: TestServer, identifier: string) =>
  createClient(server.openBrowser()).auth.requestPasswordReset.mutate({ identifier });

describe.each(dialects)('a forgotten password on %s', (dialect) => {
  test.each(['email', 'username'] as const)(
    'is set anew with the link that is mailed to who gives their %s, and all sessions end',
    async (field) => {
      await using mail = await startMailServer();
      await using server = await startTestServer(dialect, mail.settings);
      const { person, client } = await signUp(server);
      expect(await ask(server, person[field].toUpperCase())).toEqual({});
      await sendMails(server);
      const [arrived] = mail.mails;
      expect(mail.mails.map(({ to }) => to)).toEqual([person.email]);
      const token = arrived ? findCode(arrived) : '';
      expect(await server.database.PasswordReset.findOne()).toMatchObject({
        expiresAt: expect.any(Date) as Date,
      });
      const stranger = createClient(server.openBrowser());
      await stranger.auth.resetPassword.mutate({ token, newPassword });
      expect(await client.auth.session.query()).toBeNull();
      await stranger.auth.login.mutate({ identifier: person.email, password: newPassword });
      expect(
        await catchRefusal(stranger.auth.resetPassword.mutate({ token, newPassword })),
      ).toMatchObject({
        reason: 'invalid-reset-link',
      });
    },
  );

  // ASVS 6.3.8
  test('tells nothing of who has an account: one row is written, and no mail sent where there is none', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person, user } = await signUp(server);
    const disabled = await signUp(server);
    await server.database.User.update(
      { disabledAt: new Date() },
      { where: { id: disabled.user.id } },
    );
    for (const identifier of [makePerson().email, 'nobody', disabled.person.email, person.email]) {
      expect(await ask(server, identifier)).toEqual({});
    }
    const rows = await server.database.Mail.findAll();
    expect(rows.map(({ userId, recipient }) => [userId, recipient])).toEqual(
      Array(4).fill([null, null]),
    );
    await sendMails(server);
    expect(mail.mails.map(({ to }) => to)).toEqual([person.email]);
    // Neither what was typed nor a code is kept.
    expect(await server.database.Mail.findAll()).toMatchObject([{ userId: user.id, details: {} }]);
    const text = server.logLines.join('');
    expect(text).not.toContain(person.email);
    expect(text).not.toContain(mail.mails[0] ? findCode(mail.mails[0]) : '');
  });

  test('may be asked for 5 times a minute, whether there is an account or not', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person } = await signUp(server);
    for (const identifier of [person.email, makePerson().email]) {
      for (let round = 0; round < 5; round += 1) await ask(server, identifier);
      const refusal = await catchRefusal(ask(server, identifier.toUpperCase()));
      expect(refusal).toMatchObject({ httpStatus: 429, reason: 'too-many-attempts' });
    }
  });

  test('may be asked for 20 times a minute by one client', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const client = createClient(server.openBrowser());
    const askFor = (identifier: string) => client.auth.requestPasswordReset.mutate({ identifier });
    for (let round = 0; round < 20; round += 1) await askFor(`person-${round}`);
    expect(await catchRefusal(askFor('one-more'))).toMatchObject({ httpStatus: 429 });
  });

  test('brings a person 5 mails a minute, whatever they are asked for by', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person } = await signUp(server);
    for (const identifier of [person.email, person.username]) {
      for (let round = 0; round < 4; round += 1) await ask(server, identifier);
    }
    await sendMails(server);
    expect(mail.mails).toHaveLength(5);
  });

  test('keeps the operator’s link while the mail server is away', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, user } = await signUp(server);
    const reset = { userId: user.id, tokenHash: 'a'.repeat(64), expiresAt: new Date() };
    await server.database.PasswordReset.create(reset);
    await ask(server, person.email);
    const stop = startMail(server.deps, brisk);
    await vi.waitFor(() => expect(server.logLines.join('')).toContain('cannot be used'), patient);
    await stop();
    expect(await server.database.PasswordReset.findOne()).toMatchObject({
      tokenHash: reset.tokenHash,
    });
  });
});

describe('the form of a forgotten password', () => {
  test('works without JavaScript', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const { person } = await signUp(server);
    const browser = server.openBrowser();
    const sent = await browser.submit('/forgot-password', { identifier: person.email });
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      '/forgot-password#reset-sent',
    ]);
    expect(await server.database.Mail.count()).toBe(1);
    const empty = await browser.submit('/forgot-password', { identifier: ' ' });
    expect(empty.headers.get('location')).toBe('/forgot-password#invalid-input');
  });

  test.each([
    ['on', mailOn],
    ['off', {}],
  ])('is shown, and linked from the log-in, as mail is %s', async (state, env) => {
    await using server = await startTestServer('sqlite', env);
    for (const path of ['/login', '/forgot-password', '/reset-password']) {
      const body = await (await server.openBrowser().fetch(path)).text();
      expect([path, /data-mail="(\w+)"/.exec(body)?.[1]]).toEqual([path, state]);
    }
  });

  test('is refused without a mail server, and nothing is written', async () => {
    await using server = await startTestServer('sqlite');
    expect(await catchRefusal(ask(server, 'ada'))).toMatchObject({
      httpStatus: 404,
      reason: 'not-found',
    });
    expect(await server.database.Mail.count()).toBe(0);
  });
});
