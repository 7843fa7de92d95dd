import { dialects } from '@latchkey/db/testing';
import { messages, type MessageId } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { giveCode } from '../email-links/email-link.ts';
import { purgeOldInvitations } from '../invitations/invitation.ts';
import { invite } from '../testing/invitations.ts';
import { mailOn } from '../testing/mailed.ts';
import { makePerson } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

const invited = { REGISTRATION: 'invited' };
const openClient = (server: TestServer) => createClient(server.openBrowser());
const register = (server: TestServer, more: { invitation?: string; email?: string } = {}) =>
  openClient(server).auth.register.mutate(makePerson(more));
const told = (message: MessageId) => ({
  httpStatus: 403,
  reason: message === 'invitation-required' ? message : 'invitation-not-valid',
  fieldErrors: { invitation: [messages[message]] },
});
const usesOf = async ({ database }: TestServer) =>
  (await database.Invitation.findAll()).map(({ usesLeft }) => usesLeft);

/** Confirms the registration that waits, as its mail's link does. */
async function confirm(server: TestServer, email: string) {
  const link = await server.database.EmailLink.findOne({ where: { email }, rejectOnEmpty: true });
  return openClient(server).auth.confirmEmail.mutate({ token: await giveCode(link) });
}

describe.each(dialects)('an invitation on %s', (dialect) => {
  test('opens an invited site, gives its role, counts as used, and both logs say so', async () => {
    await using server = await startTestServer(dialect, invited);
    const { code } = await invite(server, { role: 'member' });
    expect(await catchRefusal(register(server))).toMatchObject(told('invitation-required'));
    const client = openClient(server);
    const answer = await client.auth.register.mutate(makePerson({ invitation: code }));
    expect(answer).toMatchObject({ user: { roles: ['member'] } });
    expect((await client.auth.session.query())?.user.roles).toEqual(['member']);
    expect(await usesOf(server)).toEqual([0]);
    const events = (await client.activity.list.query({})).map(({ event }) => event);
    expect(events).toEqual(['invitation-used', 'registered']);
    expect(await catchRefusal(register(server, { invitation: code }))).toMatchObject(
      told('invitation-used'),
    );
    expect(await server.database.User.count()).toBe(1);
    await server.deps.securityLog.flush();
    const rows = await server.database.SecurityEvent.findAll();
    expect(rows.map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['invitation-used', 'invitation-used']),
    );
    expect(server.logLines.join('') + JSON.stringify(rows)).not.toContain(code);
  });

  test('is understood as a whole link', async () => {
    await using server = await startTestServer(dialect, invited);
    const { code } = await invite(server);
    const invitation = `  https://example.org/register#invite=${code}. `;
    expect(await register(server, { invitation })).toHaveProperty('user');
  });

  test('for one address serves that address alone, in any spelling', async () => {
    await using server = await startTestServer(dialect, invited);
    const { code: invitation } = await invite(server, { email: 'Ada@xn--exmple-cua.de' });
    const asOther = register(server, { invitation, email: 'bob@exämple.de' });
    expect(await catchRefusal(asOther)).toMatchObject(told('invitation-for-other-email'));
    expect(await usesOf(server)).toEqual([1]);
    expect(await register(server, { invitation, email: 'ada@EXÄMPLE.de' })).toHaveProperty('user');
    const again = register(server, { invitation, email: 'bob@exämple.de' });
    expect(await catchRefusal(again)).toMatchObject(told('invitation-for-other-email'));
  });

  test('that was used for an address goes with the account', async () => {
    await using server = await startTestServer(dialect, invited);
    const person = makePerson();
    const { code: invitation } = await invite(server, { email: person.email });
    const client = openClient(server);
    await client.auth.register.mutate({ ...person, invitation });
    await client.account.delete.mutate({ email: person.email, currentPassword: person.password });
    expect(await usesOf(server)).toEqual([]);
  });

  test('that ended, was revoked, or is not known says so, and uses nothing', async () => {
    await using server = await startTestServer(dialect, invited);
    const ended = await invite(server, { expiresAt: new Date(Date.now() - 1000) });
    const revoked = await invite(server);
    await revoked.invitation.update({ revokedAt: new Date() });
    for (const [invitation, message] of [
      [ended.code, 'invitation-over'],
      [revoked.code, 'invitation-not-valid'],
      ['A'.repeat(43), 'invitation-not-valid'],
    ] as const) {
      expect(await catchRefusal(register(server, { invitation }))).toMatchObject(told(message));
    }
    expect(await usesOf(server)).toEqual([1, 1]);
    expect(await catchRefusal(register(server, { invitation: 'half' }))).toMatchObject({
      fieldErrors: { invitation: [messages['broken-reset-link']] },
    });
  });

  test('has one winner of its last use, over two processes', async () => {
    await using server = await startTestServer(dialect, invited);
    await using second = await startTestServer(dialect, invited, { database: server.database });
    const { code: invitation } = await invite(server, { maxUses: 2 });
    const attempts = [server, second, server, second, server].map((one) =>
      register(one, { invitation }).then(
        () => 'in',
        () => 'out',
      ),
    );
    expect((await Promise.all(attempts)).toSorted()).toEqual(['in', 'in', 'out', 'out', 'out']);
    expect(await usesOf(server)).toEqual([0]);
    expect(await server.database.User.count()).toBe(2);
  });

  test('is not used up by a registration that fails', async () => {
    await using server = await startTestServer(dialect, invited);
    const { code: invitation } = await invite(server);
    const { code: other } = await invite(server);
    const taken = makePerson();
    await openClient(server).auth.register.mutate({ ...taken, invitation: other });
    for (const [reason, same] of [
      ['email-taken', { email: taken.email }],
      ['username-taken', { username: taken.username }],
    ] as const) {
      const person = { ...makePerson(), ...same, invitation };
      const attempt = openClient(server).auth.register.mutate(person);
      expect(await catchRefusal(attempt)).toMatchObject({ reason });
    }
    expect((await usesOf(server)).toSorted()).toEqual([0, 1]);
  });

  test('gives its role on an open site too, and opens no closed one', async () => {
    await using open = await startTestServer(dialect);
    const { code: invitation } = await invite(open, { role: 'editor', maxUses: 2 });
    expect(await register(open, { invitation })).toMatchObject({ user: { roles: ['editor'] } });
    expect(await register(open)).toMatchObject({ user: { roles: [] } });
    open.deps.settings.registration = 'closed';
    expect(await catchRefusal(register(open, { invitation }))).toMatchObject({
      reason: 'registration-closed',
    });
    expect(await usesOf(open)).toEqual([1]);
  });

  test('waits with a registration for its mail, and is used when that is confirmed', async () => {
    await using server = await startTestServer(dialect, { ...mailOn, ...invited });
    const { code: invitation } = await invite(server, { role: 'member' });
    const emails = ['one@example.com', 'two@example.com'] as const;
    for (const email of emails) {
      expect(await register(server, { email, invitation })).toEqual({ confirmation: 'sent' });
    }
    expect(await usesOf(server)).toEqual([1]);
    expect(await confirm(server, emails[0])).toMatchObject({ user: { roles: ['member'] } });
    expect(await usesOf(server)).toEqual([0]);
    expect(await catchRefusal(confirm(server, emails[1]))).toMatchObject(told('invitation-used'));
    expect(await server.database.User.count()).toBe(1);
    // What was typed is still there: a registration without an invitation would be confirmed once that is possible.
    expect(await server.database.EmailLink.count()).toBe(1);
  });

  test('is asked for where a registration waits that came before', async () => {
    await using server = await startTestServer(dialect, mailOn);
    await register(server, { email: 'one@example.com' });
    server.deps.settings.registration = 'invited';
    expect(await catchRefusal(confirm(server, 'one@example.com'))).toMatchObject({
      reason: 'invitation-required',
    });
    server.deps.settings.registration = 'open';
    expect(await confirm(server, 'one@example.com')).toHaveProperty('user');
  });

  test('is deleted a month after its end', async () => {
    await using server = await startTestServer(dialect);
    const day = 24 * 3_600_000;
    await invite(server, { expiresAt: new Date(Date.now() - 31 * day) });
    await invite(server, { expiresAt: new Date(Date.now() - 29 * day) });
    expect(await purgeOldInvitations(server.database)).toBe(1);
    expect(await usesOf(server)).toEqual([1]);
  });
});

describe.each(dialects)('allowed domains on %s', (dialect) => {
  const env = { ALLOWED_EMAIL_DOMAINS: 'example.com, *.School.example.' };
  const fieldErrors = {
    email: ['Please enter an email of example.com or any domain below school.example.'],
  };

  test('hold for registering, and for a change of the email', async () => {
    await using server = await startTestServer(dialect, env);
    const refused = { httpStatus: 400, reason: 'email-domain-not-allowed', fieldErrors };
    for (const email of ['ada@example.org', 'ada@example.com.evil.example', 'a@school.example']) {
      expect(await catchRefusal(register(server, { email }))).toMatchObject(refused);
    }
    const client = openClient(server);
    const { password: currentPassword, ...person } = makePerson({ email: 'A@CS.school.example' });
    await client.auth.register.mutate({ ...person, password: currentPassword });
    const change = (email: string) => client.account.changeEmail.mutate({ email, currentPassword });
    expect(await catchRefusal(change('ada@example.org'))).toMatchObject(refused);
    expect(await change('ada@example.com')).toHaveProperty('user');
  });

  test('are opened by an invitation for an address, and by no other', async () => {
    await using server = await startTestServer(dialect, env);
    const email = 'guest@example.org';
    const { code: anybody } = await invite(server);
    expect(await catchRefusal(register(server, { email, invitation: anybody }))).toMatchObject({
      reason: 'email-domain-not-allowed',
    });
    const { code } = await invite(server, { email });
    expect(await register(server, { email, invitation: code })).toHaveProperty('user');
  });
});
