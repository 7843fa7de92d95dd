import { dialects } from '@latchkey/db/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { decode, readHeader, startMailServer } from '../testing/mail-server.ts';
import { sendMails } from '../testing/mailed.ts';
import { dropNotices, listNotices } from '../testing/notices.ts';
import { setUpApp } from '../testing/authenticator-app.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

const mailOn = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'noreply@example.com' };
const newPassword = 'another quiet lantern';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

async function logIn(browser: Browser, identifier: string, password: string, headers = {}) {
  return (await postTrpc(browser, 'auth.login', { identifier, password }, headers)).status;
}

describe.each(dialects)('a log-in on %s', (dialect) => {
  // ASVS 6.3.5
  test('on a new device is told by mail, with when, from which browser and where', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person, user } = await signUp(server);
    const browser = server.openBrowser();
    const headers = { 'user-agent': firefox };
    expect(await logIn(browser, person.email, person.password, headers)).toBe(200);
    expect(await listNotices(server, user.id)).toEqual(['new-sign-in']);
    await sendMails(server);
    const [arrived] = mail.mails;
    expect(mail.mails.map(({ to }) => to)).toEqual([person.email]);
    expect(arrived && readHeader(arrived, 'subject')).toBe('New log-in to your account');
    const text = decode(arrived?.source ?? '');
    expect(text).toMatch(/\d+ \w+ \d{4}, \d\d:\d\d UTC: Logged in on a new\s+device\./);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`Firefox on Linux, ${browser.address}.`);
    expect(text).not.toContain(person.name);
  });

  test('on a device that was used before is no news', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, browser, client, user } = await signUp(server);
    await client.auth.logout.mutate();
    expect(await logIn(browser, person.email, person.password)).toBe(200);
    const other = server.openBrowser();
    expect(await logIn(other, person.email, person.password)).toBe(200);
    expect(await listNotices(server, user.id)).toEqual(['new-sign-in']);
    for (const known of [other, browser, other]) {
      expect(await logIn(known, person.username, person.password)).toBe(200);
    }
    expect(await listNotices(server, user.id)).toEqual(['new-sign-in']);
  });

  test('on a device that was used before is no news after a new password either', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, client, user } = await signUp(server);
    const other = server.openBrowser();
    await logIn(other, person.email, person.password);
    const currentPassword = person.password;
    await client.account.changePassword.mutate({ currentPassword, newPassword });
    await dropNotices(server);
    expect(await logIn(other, person.email, newPassword)).toBe(200);
    expect(await listNotices(server, user.id)).toEqual([]);
  });

  test('on a device that is known by its former cookie alone is no news', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, browser, user } = await signUp(server);
    browser.cookies.delete('seen');
    browser.cookies.delete('session');
    expect(await logIn(browser, person.email, person.password)).toBe(200);
    expect(await listNotices(server, user.id)).toEqual([]);
  });

  test('is told where the cookie is forged or of somebody else', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const [one, other] = [await signUp(server), await signUp(server)];
    const [tag = '', id = '', mac = ''] = (one.browser.cookies.get('seen') ?? '').split('.');
    const others = (other.browser.cookies.get('seen') ?? '').split('.');
    const forgeries = [
      '',
      `${tag}.${id}.${'A'.repeat(43)}`,
      `${tag}.${others[1]}.${others[2]}`,
      `${others[0]}.${id}.${mac}`,
      `${tag}.${id}.${mac}x`,
    ];
    for (const seen of forgeries) {
      const browser = server.openBrowser();
      browser.cookies.set('seen', seen);
      expect(await logIn(browser, one.person.email, one.person.password)).toBe(200);
    }
    expect(await listNotices(server, one.user.id)).toHaveLength(forgeries.length);
    const copy = server.openBrowser();
    copy.cookies.set('seen', one.browser.cookies.get('seen') ?? '');
    await logIn(copy, one.person.email, one.person.password);
    expect(await listNotices(server, one.user.id)).toHaveLength(forgeries.length);
  });

  test('of a person who shares a browser is told once, and goes with their account', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const [one, other] = [await signUp(server), await signUp(server)];
    for (let round = 0; round < 2; round += 1) {
      expect(await logIn(one.browser, other.person.email, other.person.password)).toBe(200);
      expect(await logIn(one.browser, one.person.email, one.person.password)).toBe(200);
    }
    expect(await listNotices(server, other.user.id)).toEqual(['new-sign-in']);
    expect(await listNotices(server, one.user.id)).toEqual([]);
    await one.client.account.delete.mutate({
      email: one.person.email,
      currentPassword: one.person.password,
    });
    const kept = one.browser.cookies.get('seen') ?? '';
    expect(kept.split('~')).toHaveLength(1);
    expect(await server.database.DeviceKey.count()).toBe(1);
  });

  // ASVS 6.3.5
  test('that has to wait after five failures is told once, and not of each wait that follows', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, user } = await signUp(server);
    vi.useFakeTimers({ toFake: ['Date'] });
    const fail = () => logIn(server.openBrowser(), person.email, 'a guess of a stranger');
    for (let round = 0; round < 4; round += 1) expect(await fail()).toBe(401);
    await Promise.all(server.deps.background);
    expect(await listNotices(server, user.id)).toEqual([]);
    expect(await fail()).toBe(401);
    expect(await fail()).toBe(429);
    for (let wait = 0; wait < 3; wait += 1) {
      vi.setSystemTime(Date.now() + 3_600_000);
      expect(await fail()).toBe(401);
      expect(await fail()).toBe(429);
    }
    await Promise.all(server.deps.background);
    expect(await listNotices(server, user.id)).toEqual(['log-in-paused']);
  });

  test('on the dashboard that has to wait is told too', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { client, user } = await signUp(server);
    const guess = { currentPassword: 'a guess of a stranger', newPassword };
    for (let round = 0; round < 5; round += 1) {
      expect(await catchRefusal(client.account.changePassword.mutate(guess))).toMatchObject({
        reason: 'wrong-password',
      });
    }
    await Promise.all(server.deps.background);
    expect(await listNotices(server, user.id)).toEqual(['log-in-paused']);
  });

  test('that fails for nobody writes nothing', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { email } = makePerson();
    for (let round = 0; round < 6; round += 1) {
      await logIn(server.openBrowser(), email, 'a guess of a stranger');
    }
    await Promise.all(server.deps.background);
    expect(await server.database.Mail.count()).toBe(0);
  });
});

describe.each(dialects)('a change of an account on %s', (dialect) => {
  // ASVS 6.3.7
  test('of the password is told, and one that is refused is not', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, client, user } = await signUp(server);
    const currentPassword = person.password;
    await catchRefusal(
      client.account.changePassword.mutate({ currentPassword: 'not this one', newPassword }),
    );
    expect(await listNotices(server, user.id)).toEqual([]);
    await client.account.changePassword.mutate({ currentPassword, newPassword });
    expect(await listNotices(server, user.id)).toEqual(['password-changed']);
  });

  // ASVS 6.3.7
  test('of the second factors is told, each in its transaction', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, client, user } = await signUp(server);
    const app = await setUpApp(client);
    const elsewhere = createClient(server.openBrowser());
    await elsewhere.auth.login.mutate({ identifier: person.email, password: person.password });
    await elsewhere.auth.secondFactor.mutate({ code: app.recoveryCodes[0] ?? '' });
    await client.factors.renewRecoveryCodes.mutate();
    await client.factors.removeAuthenticator.mutate();
    expect((await listNotices(server, user.id)).toSorted()).toEqual([
      'authenticator-added',
      'authenticator-removed',
      'new-sign-in',
      'recovery-code-used',
      'recovery-codes-renewed',
    ]);
  });

  test('that is not finished is not told', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person, client, user } = await signUp(server);
    const { Mail } = server.database;
    const fault = vi.spyOn(Mail, 'create').mockRejectedValueOnce(new Error('no'));
    const currentPassword = person.password;
    const change = client.account.changePassword.mutate({ currentPassword, newPassword });
    expect(await catchRefusal(change)).toMatchObject({ httpStatus: 500 });
    fault.mockRestore();
    expect(await listNotices(server, user.id)).toEqual([]);
    expect(await logIn(server.openBrowser(), person.email, currentPassword)).toBe(200);
  });

  test('is told nobody without a mail server', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const currentPassword = person.password;
    await client.account.changePassword.mutate({ currentPassword, newPassword });
    await logIn(server.openBrowser(), person.email, newPassword);
    expect(await server.database.Mail.count()).toBe(0);
  });
});
