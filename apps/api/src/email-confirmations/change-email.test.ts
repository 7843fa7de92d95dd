import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { findCode, startMailServer, type ArrivedMail } from '../testing/mail-server.ts';
import { mailOn, sendMails } from '../testing/mailed.ts';
import { dropNotices } from '../testing/notices.ts';
import { makePerson, signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

const sent = { confirmation: 'sent' };

const openClient = (server: TestServer) => createClient(server.openBrowser());
const codeTo = (mails: ArrivedMail[], address: string) => {
  const mail = mails.findLast(({ to }) => to === address);
  return mail ? findCode(mail) : '';
};

/** Somebody whose email was changed by mail, from `person.email` to `email`. */
async function changeEmail(server: TestServer, mails: ArrivedMail[]) {
  const signedUp = await signUp(server);
  const { email } = makePerson();
  await signedUp.client.account.changeEmail.mutate({ email });
  await sendMails(server);
  const token = codeTo(mails, email);
  expect(await openClient(server).auth.confirmEmail.mutate({ token })).toEqual({});
  await sendMails(server);
  return { ...signedUp, email, undo: codeTo(mails, signedUp.person.email) };
}

describe.each(dialects)('a change of email by mail on %s', (dialect) => {
  test('waits until the new address is confirmed; the old one works until then', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person, client, user } = await signUp(server);
    const { email } = makePerson();
    expect(await client.account.changeEmail.mutate({ email })).toEqual(sent);
    expect((await client.auth.session.query())?.user.email).toBe(person.email);
    const { emailLinks } = await client.account.export.mutate({});
    expect(emailLinks).toMatchObject([{ purpose: 'new-email', email }]);
    await sendMails(server);
    expect(mail.mails.map(({ to }) => to)).toEqual([email]);
    await openClient(server).auth.login.mutate({
      identifier: person.email,
      password: person.password,
    });
    await dropNotices(server);
    const token = codeTo(mail.mails, email);
    expect(await openClient(server).auth.confirmEmail.mutate({ token })).toEqual({});
    expect((await client.auth.session.query())?.user.email).toBe(email);
    const again = openClient(server).auth.confirmEmail.mutate({ token });
    expect(await catchRefusal(again)).toMatchObject({ reason: 'link-expired' });
    await sendMails(server);
    expect(mail.mails.map(({ to }) => to)).toEqual([email, person.email]);
    const links = await server.database.EmailLink.findAll();
    expect(links).toMatchObject([{ purpose: 'undo-email', userId: user.id, email: person.email }]);
    const hours = ((links[0]?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(72);
    const events = (await client.activity.list.query({})).map(({ event }) => event);
    expect(events.filter((event) => event.startsWith('email-'))).toEqual([
      'email-changed',
      'email-change-requested',
    ]);
  });

  test('is answered and shown alike where somebody has the address, who alone is told', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person: owner, user } = await signUp(server);
    const { browser, client, person } = await signUp(server);
    const { email: free } = makePerson();
    const seen: unknown[] = [];
    for (const email of [free, owner.email]) {
      expect(await client.account.changeEmail.mutate({ email })).toEqual(sent);
      await sendMails(server);
      const { emailLinks } = await client.account.export.mutate({});
      const page = await (await browser.visit('/dashboard')).text();
      seen.push([
        emailLinks.map((link) => Object.keys(link)),
        Math.round((Date.parse(emailLinks[0]?.expiresAt ?? '') - Date.now()) / 60_000),
        /pending-email">\s*We have sent a link/.test(page),
        page.includes(email),
      ]);
    }
    expect(seen[0]).toEqual([[['purpose', 'email', 'createdAt', 'expiresAt']], 60, true, true]);
    expect(seen[1]).toEqual(seen[0]);
    const told = mail.mails.at(-1);
    expect(told?.to).toBe(owner.email);
    expect(told?.source).toContain('Subject: You already have an account');
    expect(told?.source).not.toContain(person.email);
    expect(told && findCode(told)).toBe('');
    expect(await server.database.Mail.count({ where: { userId: user.id } })).toBe(1);
  });

  test('is ended by the next one, and by a new password', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, person } = await signUp(server);
    const [one, other] = [makePerson().email, makePerson().email];
    for (const email of [one, other]) {
      await client.account.changeEmail.mutate({ email });
      await sendMails(server);
    }
    const confirm = (email: string) =>
      openClient(server).auth.confirmEmail.mutate({ token: codeTo(mail.mails, email) });
    expect(await catchRefusal(confirm(one))).toMatchObject({ reason: 'link-expired' });
    await client.account.changePassword.mutate({
      currentPassword: person.password,
      newPassword: makePerson().password,
    });
    expect(await catchRefusal(confirm(other))).toMatchObject({ reason: 'link-expired' });
    expect((await client.auth.session.query())?.user.email).toBe(person.email);
  });

  test('is ended by a password that is set with a reset link', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, person } = await signUp(server);
    const { email } = makePerson();
    await client.account.changeEmail.mutate({ email });
    await openClient(server).auth.requestPasswordReset.mutate({ identifier: person.email });
    await sendMails(server);
    const reset = { token: codeTo(mail.mails, person.email), newPassword: makePerson().password };
    await openClient(server).auth.resetPassword.mutate(reset);
    const late = openClient(server).auth.confirmEmail.mutate({
      token: codeTo(mail.mails, email),
    });
    expect(await catchRefusal(late)).toMatchObject({ reason: 'link-expired' });
  });

  test('comes to nothing where the address was taken meanwhile, or the account is disabled', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, person, user } = await signUp(server);
    const { email } = makePerson();
    await client.account.changeEmail.mutate({ email });
    await sendMails(server);
    const token = codeTo(mail.mails, email);
    const confirm = () => catchRefusal(openClient(server).auth.confirmEmail.mutate({ token }));
    const taker = await signUp(server, { email });
    expect(await confirm()).toMatchObject({ reason: 'link-expired' });
    await server.database.User.destroy({ where: { id: taker.user.id } });
    await server.database.User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    expect(await confirm()).toMatchObject({ reason: 'link-expired' });
    const row = await server.database.User.findByPk(user.id);
    expect(row?.email).toBe(person.email);
  });

  test('is undone with the link in the mail to the old address, which ends all sessions', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, browser, person, email, undo } = await changeEmail(server, mail.mails);
    const wrongPlace = openClient(server).auth.confirmEmail.mutate({ token: undo });
    expect(await catchRefusal(wrongPlace)).toMatchObject({ reason: 'link-expired' });
    // A link to set the password that was asked for by the new address ends too.
    await openClient(server).auth.requestPasswordReset.mutate({ identifier: email });
    await sendMails(server);
    const reset = { token: codeTo(mail.mails, email), newPassword: makePerson().password };
    expect(await openClient(server).auth.undoEmailChange.mutate({ token: undo })).toEqual({});
    expect(await client.auth.session.query()).toBeNull();
    expect((await browser.visit('/dashboard')).status).toBe(302);
    expect(await catchRefusal(openClient(server).auth.resetPassword.mutate(reset))).toMatchObject({
      reason: 'invalid-reset-link',
    });
    const back = openClient(server);
    const login = { identifier: person.email, password: person.password };
    expect((await back.auth.login.mutate(login)).user?.email).toBe(person.email);
    const [, undone] = await back.activity.list.query({});
    expect(undone?.event).toBe('email-change-undone');
    const again = openClient(server).auth.undoEmailChange.mutate({ token: undo });
    expect(await catchRefusal(again)).toMatchObject({ reason: 'link-expired' });
  });

  test('can be undone to the first address also after a second change, and not back again', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, person, email, undo } = await changeEmail(server, mail.mails);
    const { email: third } = makePerson();
    await client.account.changeEmail.mutate({ email: third });
    await sendMails(server);
    await openClient(server).auth.confirmEmail.mutate({ token: codeTo(mail.mails, third) });
    await sendMails(server);
    const later = codeTo(mail.mails, email);
    await openClient(server).auth.undoEmailChange.mutate({ token: undo });
    const back = openClient(server).auth.undoEmailChange.mutate({ token: later });
    expect(await catchRefusal(back)).toMatchObject({ reason: 'link-expired' });
    const login = { identifier: person.email, password: person.password };
    expect((await openClient(server).auth.login.mutate(login)).user?.email).toBe(person.email);
  });

  test('may be asked for 5 times a minute for an address', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { client } = await signUp(server);
    const { email } = makePerson();
    for (let round = 0; round < 5; round += 1) await client.account.changeEmail.mutate({ email });
    const refusal = await catchRefusal(client.account.changeEmail.mutate({ email }));
    expect(refusal).toMatchObject({ httpStatus: 429, reason: 'too-many-attempts' });
    expect(await server.database.EmailLink.count()).toBe(1);
  });

  test('leaves nothing behind when the account is deleted', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { client, person, email } = await changeEmail(server, mail.mails);
    await client.account.changeEmail.mutate({ email: makePerson().email });
    await client.account.delete.mutate({ email, currentPassword: person.password });
    expect(await server.database.EmailLink.count()).toBe(0);
    expect(await server.database.Mail.count()).toBe(0);
  });
});

describe('the forms of a change of email', () => {
  test('work without JavaScript', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer('sqlite', mail.settings);
    const { browser, person } = await signUp(server);
    const { email } = makePerson();
    const asked = await browser.submit('/dashboard', { action: 'email', email });
    expect(asked.headers.get('location')).toBe('/dashboard#email-change-sent');
    await sendMails(server);
    const elsewhere = server.openBrowser();
    const token = codeTo(mail.mails, email);
    const confirmed = await elsewhere.submit('/confirm-email', { token });
    expect(confirmed.headers.get('location')).toBe('/login#email-confirmed');
    await sendMails(server);
    const undo = { token: codeTo(mail.mails, person.email) };
    const undone = await browser.submit('/undo-email', undo);
    expect(undone.headers.get('location')).toBe('/forgot-password#email-restored');
    expect([...browser.cookies.keys()].filter((name) => name.includes('session'))).toEqual([]);
    const again = await browser.submit('/undo-email', undo);
    expect(again.headers.get('location')).toBe('/undo-email#link-expired');
  });
});

test('without a mail server the email changes at once', async () => {
  await using server = await startTestServer('sqlite');
  const { client } = await signUp(server);
  const { email } = makePerson();
  const answer = await client.account.changeEmail.mutate({ email });
  expect(answer).toMatchObject({ user: { email } });
});
