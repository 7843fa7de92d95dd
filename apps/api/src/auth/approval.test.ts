import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { giveCode } from '../email-links/email-link.ts';
import { invite } from '../testing/invitations.ts';
import { decode, startMailServer } from '../testing/mail-server.ts';
import { sendMails } from '../testing/mailed.ts';
import { makePerson } from '../testing/people.ts';
import { runAdmin } from '../testing/run-admin.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

const approval = { REGISTRATION: 'approval' };
const waiting = { approval: 'waiting' };
type Person = ReturnType<typeof makePerson>;
const openClient = (server: TestServer) => createClient(server.openBrowser());
const register = (server: TestServer, person: Person & { invitation?: string }) =>
  openClient(server).auth.register.mutate(person);
const logIn = (server: TestServer, { email: identifier }: Person, password: string) =>
  openClient(server).auth.login.mutate({ identifier, password });
const envOf = ({ deps }: TestServer) => ({ DATABASE_URL: deps.settings.databaseUrl, ...approval });

describe.each(dialects)('a registration that waits for approval on %s', (dialect) => {
  test('signs nobody in, and tells only who knows the password', async () => {
    await using server = await startTestServer(dialect, approval);
    const person = makePerson();
    const browser = server.openBrowser();
    expect(await createClient(browser).auth.register.mutate(person)).toEqual(waiting);
    expect([...browser.cookies.keys()]).toEqual([]);
    for (let round = 0; round < 6; round += 1) {
      const early = logIn(server, person, person.password);
      expect(await catchRefusal(early)).toMatchObject({
        httpStatus: 403,
        reason: 'waiting-for-approval',
      });
    }
    await server.deps.securityLog.flush();
    const refused = await server.database.SecurityEvent.findOne({
      where: { event: 'authz_fail', outcome: 'waiting-for-approval' },
      include: 'source',
    });
    expect(refused?.source?.userId).toBeDefined();
    const guess = { reason: 'invalid-credentials', httpStatus: 401 };
    expect(await catchRefusal(logIn(server, person, 'a guess of mine'))).toMatchObject(guess);
    expect(await catchRefusal(logIn(server, makePerson(), 'a guess of mine'))).toMatchObject(guess);
    expect(await server.database.Session.count()).toBe(0);
  });

  test('is approved or refused by the operator', async () => {
    await using server = await startTestServer(dialect, approval);
    const [one, other] = [makePerson(), makePerson()];
    for (const person of [one, other]) await register(server, person);
    const listed = await runAdmin(envOf(server), 'user', 'list', '--waiting', '--json');
    expect(JSON.parse(listed.stdout)).toHaveLength(2);
    const approved = await runAdmin(envOf(server), 'user', 'approve', one.email);
    expect(approved.stdout).toBe(`${one.email} can log in now.\n`);
    const refused = await runAdmin(envOf(server), 'user', 'refuse', other.email, '--yes');
    expect(refused.stdout).toBe(`${other.email} is refused and deleted.\n`);
    expect(await logIn(server, one, one.password)).toHaveProperty('user');
    expect(await catchRefusal(logIn(server, other, other.password))).toMatchObject({
      reason: 'invalid-credentials',
    });
    expect((await server.database.User.findAll()).map(({ email }) => email)).toEqual([one.email]);
    const again = await runAdmin(envOf(server), 'user', 'refuse', one.email, '--yes');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('does not wait')]);
    expect(await register(server, other)).toEqual(waiting);
  }, 120_000);

  test('is not needed with an invitation', async () => {
    await using server = await startTestServer(dialect, approval);
    const { code: invitation } = await invite(server);
    expect(await register(server, makePerson({ invitation }))).toHaveProperty('user');
  });

  test('comes after its address is confirmed, and both sides hear of it, operators once', async () => {
    await using mail = await startMailServer();
    await using server = await startTestServer(dialect, { ...mail.settings, ...approval });
    const { User, EmailLink, Mail } = server.database;
    const passwordHash = '$scrypt$ln=17,r=8,p=1$c2FsdA$aGFzaA';
    const operator = { name: 'Op', email: 'op@example.com', passwordHash, roles: ['operator'] };
    await User.create(operator);
    await User.create({ ...operator, email: 'member@example.com', roles: ['member'] });
    const roles: string[] = [];
    const endOf = (ms: number) => ({ operator: new Date(Date.now() + ms).toISOString() });
    const ended = { email: 'ended@example.com', roles, roleEnds: endOf(-1000) };
    await User.create({ ...operator, ...ended });
    await User.create({
      ...operator,
      ...ended,
      email: 'until@example.com',
      roleEnds: endOf(3_600_000),
    });
    const people = [makePerson(), makePerson()];
    for (const person of people) {
      expect(await register(server, person)).toEqual({ confirmation: 'sent' });
      const where = { email: person.email };
      const link = await EmailLink.findOne({ where, rejectOnEmpty: true });
      const token = await giveCode(link);
      expect(await openClient(server).auth.confirmEmail.mutate({ token })).toEqual(waiting);
    }
    await Mail.destroy({ where: { kind: 'registration' } });
    await sendMails(server);
    expect(mail.mails.map(({ to }) => to).toSorted()).toEqual([
      'op@example.com',
      'until@example.com',
    ]);
    expect(mail.mails[0]?.source).toContain('Subject: 2 registrations wait for approval');
    expect(decode(mail.mails[0]?.source ?? '')).toContain('/operator?show=waiting');
    const env = { ...envOf(server), ...mail.settings };
    await runAdmin(env, 'user', 'approve', people[0]?.email ?? '');
    await runAdmin(env, 'user', 'refuse', people[1]?.email ?? '', '--yes');
    await sendMails(server);
    const told = mail.mails
      .slice(2)
      .map(({ to, source }) => [to, /^Subject: (.*)$/m.exec(source)?.[1]?.trim()]);
    expect(told.toSorted()).toEqual(
      [
        [people[0]?.email, 'Your registration is approved'],
        [people[1]?.email, 'Your registration was not approved'],
      ].toSorted(),
    );
  }, 120_000);

  test('says without JavaScript what happens next', async () => {
    await using server = await startTestServer(dialect, approval);
    const answer = await server.openBrowser().submit('/register?next=/dashboard', makePerson());
    expect(answer.headers.get('location')).toBe('/login?next=%2Fdashboard#waiting-for-approval');
  });
});
