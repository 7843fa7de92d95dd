import { dialects } from '@latchkey/db/testing';
import { messages } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { giveCode, purgeExpiredEmailLinks } from '../email-links/email-link.ts';
import { startBreachService, writeRange } from '../testing/breach-service.ts';
import { findCode, startMailServer, type ArrivedMail } from '../testing/mail-server.ts';
import { mailOn, sendMails } from '../testing/mailed.ts';
import { makePerson, signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

type Person = ReturnType<typeof makePerson>;
const sent = { confirmation: 'sent' };

const openClient = (server: TestServer) => createClient(server.openBrowser());
const register = (server: TestServer, person: Person) =>
  openClient(server).auth.register.mutate(person);
const codeOf = (mails: ArrivedMail[], index: number) => {
  const mail = mails[index];
  return mail ? findCode(mail) : '';
};
const subjectOf = (mail?: ArrivedMail) => /^Subject: (.*)$/m.exec(mail?.source ?? '')?.[1]?.trim();

describe.each(dialects)('registering by mail on %s', (dialect) => {
  test('makes the account when the link is confirmed, in another browser too, and signs that one in', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const person = makePerson();
    const first = server.openBrowser();
    expect(await createClient(first).auth.register.mutate(person)).toEqual(sent);
    expect([...first.cookies.keys()]).toEqual([]);
    expect(await server.database.User.count()).toBe(0);
    await sendMails(server);
    expect(mail.mails.map(({ to }) => to)).toEqual([person.email]);
    const token = codeOf(mail.mails, 0);
    const client = openClient(server);
    const answer = await client.auth.confirmEmail.mutate({ token });
    const { name, username, email } = person;
    expect(answer).toEqual({ user: expect.objectContaining({ name, username, email }) as object });
    expect((await client.auth.session.query())?.user).toEqual(answer.user);
    expect(await createClient(first).auth.session.query()).toBeNull();
    await openClient(server).auth.login.mutate({ identifier: email, password: person.password });
    const again = openClient(server).auth.confirmEmail.mutate({ token });
    expect(await catchRefusal(again)).toMatchObject({ httpStatus: 400, reason: 'link-expired' });
    expect(await server.database.EmailLink.count()).toBe(0);
  });

  test('is refused with a stolen password, as without mail', async () => {
    const person = makePerson();
    await using service = await startBreachService((response) =>
      response.end(writeRange({ [person.password]: 3 })),
    );
    await using server = await startTestServer(dialect, { ...mailOn, ...service.settings });
    expect(await catchRefusal(register(server, person))).toMatchObject({
      reason: 'breached-password',
      fieldErrors: { password: [messages['breached-password']] },
    });
    expect(await server.database.EmailLink.count()).toBe(0);
    expect(await register(server, makePerson())).toEqual(sent);
  });

  // ASVS 6.3.8
  test('is answered alike for a taken address, with the same work; its owner is told by mail', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { person: owner, user } = await signUp(server);
    const hashed: string[] = [];
    const hash = server.deps.passwords.hash.bind(server.deps.passwords);
    server.deps.passwords.hash = (password) => {
      hashed.push(password);
      return hash(password);
    };
    const people = [makePerson(), makePerson({ email: owner.email.toUpperCase() })];
    for (const person of people) expect(await register(server, person)).toEqual(sent);
    expect(hashed).toEqual(people.map(({ password }) => password));
    const rows = await server.database.Mail.findAll();
    expect(rows.map(({ kind, userId, recipient }) => [kind, userId, recipient])).toEqual(
      Array(2).fill(['registration', null, null]),
    );
    expect(await server.database.EmailLink.count()).toBe(2);
    await sendMails(server);
    const toOwner = mail.mails.find(({ to }) => to === owner.email);
    expect(subjectOf(toOwner)).toBe('You already have an account');
    expect(toOwner?.source).toContain('/forgot-password');
    expect(toOwner && findCode(toOwner)).toBe('');
    // What was typed for the taken address is forgotten, and its mail is its owner's.
    expect(await server.database.EmailLink.count()).toBe(1);
    expect(await server.database.Mail.count({ where: { userId: user.id } })).toBe(1);
    const text = server.logLines.join('');
    for (const { email } of [...people, owner]) expect(text).not.toContain(email);
    const login = { identifier: owner.email, password: owner.password };
    expect((await openClient(server).auth.login.mutate(login)).user?.name).toBe(owner.name);
  });

  test('tells what is wrong with a form, and that a username is taken, but not that an email is', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person: owner } = await signUp(server);
    const taken = makePerson({ username: owner.username });
    expect(await catchRefusal(register(server, taken))).toMatchObject({
      reason: 'username-taken',
      fieldErrors: { username: [messages['username-taken']] },
    });
    const weak = makePerson({ email: owner.email, password: 'password1234' });
    expect(await catchRefusal(register(server, weak))).toMatchObject({ reason: 'common-password' });
    const broken = makePerson({ email: 'ada' });
    expect(await catchRefusal(register(server, broken))).toMatchObject({ reason: 'invalid-input' });
    expect(await server.database.EmailLink.count()).toBe(0);
    expect(await server.database.Mail.count()).toBe(0);
  });

  test('may wait several times for one address: the first confirmed wins, and the others are dropped', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const owner = makePerson();
    const squatter = makePerson({ email: owner.email.toUpperCase() });
    const other = makePerson();
    for (const person of [squatter, owner, other]) await register(server, person);
    await sendMails(server);
    expect(mail.mails).toHaveLength(3);
    const mine = mail.mails.findIndex(({ to }) => to === owner.email);
    const { user } = await openClient(server).auth.confirmEmail.mutate({
      token: codeOf(mail.mails, mine),
    });
    expect(user).toMatchObject({ name: owner.name, email: owner.email });
    const theirs = mail.mails.findIndex(({ to }) => to === squatter.email);
    const late = openClient(server).auth.confirmEmail.mutate({
      token: codeOf(mail.mails, theirs),
    });
    expect(await catchRefusal(late)).toMatchObject({ reason: 'link-expired' });
    const login = { identifier: owner.email, password: squatter.password };
    expect(await catchRefusal(openClient(server).auth.login.mutate(login))).toMatchObject({
      reason: 'invalid-credentials',
    });
    await openClient(server).auth.login.mutate({ ...login, password: owner.password });
    expect(await server.database.EmailLink.findAll()).toMatchObject([{ email: other.email }]);
  });

  test('makes one account of two links that are confirmed at once', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const email = makePerson().email;
    for (let round = 0; round < 4; round += 1) await register(server, makePerson({ email }));
    await sendMails(server);
    const codes = mail.mails.map((each) => findCode(each));
    expect(new Set(codes).size).toBe(4);
    const answers = await Promise.allSettled(
      codes.map((token) => openClient(server).auth.confirmEmail.mutate({ token })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      const { reason } = await catchRefusal(Promise.reject(answer.reason as Error));
      expect(['link-expired', 'email-taken']).toContain(reason);
    }
    expect(await server.database.User.count()).toBe(1);
  });

  test('leaves a username out that somebody else has taken meanwhile', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const person = makePerson();
    await register(server, person);
    await register(server, makePerson({ username: person.username }));
    await sendMails(server);
    const names: unknown[] = [];
    for (const token of mail.mails.map((each) => findCode(each))) {
      const { user } = await openClient(server).auth.confirmEmail.mutate({ token });
      names.push(user?.username);
    }
    expect(names).toEqual([person.username, null]);
  });

  test('ends after 24 hours, and is deleted then', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const { EmailLink } = server.database;
    await register(server, makePerson());
    await sendMails(server);
    const link = await EmailLink.findOne({ rejectOnEmpty: true });
    const hours = (link.expiresAt.getTime() - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    expect(await purgeExpiredEmailLinks(server.database)).toBe(0);
    await link.update({ expiresAt: new Date() });
    const late = openClient(server).auth.confirmEmail.mutate({ token: codeOf(mail.mails, 0) });
    expect(await catchRefusal(late)).toMatchObject({ reason: 'link-expired' });
    expect(await purgeExpiredEmailLinks(server.database)).toBe(1);
    expect(await server.database.User.count()).toBe(0);
  });

  test('may be asked for 5 times a minute for an address, taken or not', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const { person } = await signUp(server);
    for (const email of [`${person.email}.example`, makePerson().email]) {
      for (let round = 0; round < 5; round += 1) await register(server, makePerson({ email }));
      const spelled = makePerson({ email: email.toUpperCase() });
      expect(await catchRefusal(register(server, spelled))).toMatchObject({
        httpStatus: 429,
        reason: 'too-many-attempts',
      });
    }
  });

  test('may be asked for 20 times a minute by one client', async () => {
    await using server = await startTestServer(dialect, mailOn);
    const client = openClient(server);
    for (let round = 0; round < 20; round += 1) await client.auth.register.mutate(makePerson());
    const refusal = await catchRefusal(client.auth.register.mutate(makePerson()));
    expect(refusal).toMatchObject({ httpStatus: 429 });
  });

  test('keeps where the person was going, where that is a path of this site', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    const wanted = ['/dashboard?a=1#b', '//evil.example', `/${'ä'.repeat(1000)}`];
    for (const next of wanted)
      await openClient(server).auth.register.mutate({ ...makePerson(), next });
    await sendMails(server);
    const kept: unknown[] = [];
    for (const token of mail.mails.map((each) => findCode(each))) {
      kept.push((await openClient(server).auth.confirmEmail.mutate({ token })).next);
    }
    expect(kept).toEqual(['/dashboard?a=1#b', undefined, undefined]);
  });

  test('is not used up by a program that opens the link, and is put down in the log of the person', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, mail.settings);
    await register(server, makePerson());
    await sendMails(server);
    const token = codeOf(mail.mails, 0);
    const scanner = server.openBrowser();
    for (const address of ['/confirm-email', `/confirm-email?token=${token}`]) {
      const page = await scanner.visit(address);
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    }
    const client = openClient(server);
    await client.auth.confirmEmail.mutate({ token });
    const [entry] = await client.activity.list.query({});
    expect(entry?.event).toBe('registered');
    expect(server.logLines.join('')).not.toContain(token);
  });

  test('is refused while registration is closed, and the link stays good', async () => {
    await using server = await startTestServer(dialect, mailOn);
    await register(server, makePerson());
    const [link] = await server.database.EmailLink.findAll();
    const token = link ? await giveCode(link) : '';
    server.deps.settings.registration = 'closed';
    const early = openClient(server).auth.confirmEmail.mutate({ token });
    expect(await catchRefusal(early)).toMatchObject({ reason: 'registration-closed' });
    server.deps.settings.registration = 'open';
    expect((await openClient(server).auth.confirmEmail.mutate({ token })).user).toBeDefined();
  });
});

describe('the forms of a registration by mail', () => {
  test('work without JavaScript, and name the address once', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer('sqlite', mail.settings);
    const { email, ...person } = makePerson();
    const browser = server.openBrowser();
    const fields = { ...person, email, staySignedIn: 'on' };
    const answer = await browser.submit('/register?next=/dashboard', fields);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      '/check-email?next=%2Fdashboard',
    ]);
    const page = await (await browser.visit('/check-email')).text();
    expect(page).toContain(`data-slot="sent-email">${email}<`);
    expect(await (await browser.visit('/check-email')).text()).not.toContain(email);
    await sendMails(server);
    const link = `http://localhost:3000/confirm-email#${codeOf(mail.mails, 0)}`;
    const broken = await browser.submit('/confirm-email', { token: 'x' });
    expect(broken.headers.get('location')).toBe('/confirm-email#broken-reset-link');
    const confirmed = await browser.submit('/confirm-email', { token: link });
    expect([confirmed.status, confirmed.headers.get('location')]).toEqual([
      303,
      '/dashboard#welcome',
    ]);
    expect((await browser.visit('/dashboard')).status).toBe(200);
    const again = await server.openBrowser().submit('/confirm-email', { token: link });
    expect(again.headers.get('location')).toBe('/confirm-email#link-expired');
  });

  test('are led to where a program wrote %23 for the #', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const code = 'a'.repeat(43);
    const answer = await server.openBrowser().visit(`/confirm-email%23${code}`);
    expect(answer.headers.get('location')).toBe(`/confirm-email#token=${code}`);
  });

  test('show no text that a cookie brings in the place of an address', async () => {
    await using server = await startTestServer('sqlite', mailOn);
    const value = Buffer.from('{"email":"Call 0800 now"}').toString('base64url');
    const browser = server.openBrowser();
    const page = await browser.fetch('/check-email', {
      headers: { cookie: `typed-check-email=${value}` },
    });
    expect(await page.text()).not.toContain('0800');
  });
});
