import { messages } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { appendEvents } from '../security-log/append-events.ts';
import { hashToken } from '../tokens/secret-token.ts';
import { invite } from '../testing/invitations.ts';
import { signUpOperator, where } from '../testing/operators.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const [invitations, log, mail] = ['/operator/invitations', '/operator/log', '/operator/mail'];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function openForms(server: TestServer) {
  const operator = await signUpOperator(server);
  const { browser, user } = operator;
  const submit = (path: string, fields: Record<string, string>) =>
    browser.submit(path, { person: user.id, ...fields });
  const read = async (path: string) => (await browser.visit(path)).text();
  return { ...operator, submit, read };
}

/** What stands in a field of a page. */
const valueOf = (html: string, id: string) =>
  new RegExp(`<input id="${id}"[^>]* value="([^"]*)"`).exec(html)?.[1];
const faultOf = (html: string, id: string) =>
  new RegExp(`id="${id}-error"[^>]*>([^<]*)<`).exec(html)?.[1];

describe.each(dialects)('the page of the invitations on %s', (dialect) => {
  test('shows a new link once, with what it is for', async () => {
    await using open = await startTestServer(dialect);
    const { database } = open;
    const { person, user } = await signUpOperator(open);
    // Nobody registers where registration is closed.
    await using server = await startTestServer(dialect, { REGISTRATION: 'closed' }, { database });
    const browser = server.openBrowser();
    await browser.submit('/login', { identifier: person.email, password: person.password });
    const read = async () => (await browser.visit(invitations)).text();
    const first = await read();
    expect(valueOf(first, 'uses')).toBe('1');
    expect(valueOf(first, 'until')).toBe('2026-12-27');
    expect(first).toContain('No invitations.');
    const fields = { email: 'Guest@exämple.de', role: 'nothing', uses: '1', until: '2999-12-31' };
    const sent = { action: 'invite', person: user.id, ...fields };
    const made = await browser.submit(invitations, sent);
    expect(where(made)).toEqual([303, `${invitations}#invitation-made`]);
    const html = await read();
    const code = valueOf(html, 'invitation-code') ?? '';
    const row = await database.Invitation.findOne({ where: { codeHash: hashToken(code) } });
    expect(row?.email).toBe('Guest@xn--exmple-cua.de');
    expect(valueOf(html, 'invitation-link')).toBe(
      `${server.deps.settings.publicOrigin}/register#invite=${code}`,
    );
    for (const text of [
      'Guest@exämple.de, and nobody else, can register here, and gets the role nothing',
      'works once, until 1 January 3000, 00:00 UTC. Hand it over in private.',
      'REGISTRATION is closed',
      'opens anything to the role nothing',
      '0 of 1',
    ]) {
      expect(html).toContain(text);
    }
    expect(valueOf(html, 'email')).toBeUndefined();
    const again = await read();
    expect(again).not.toContain(code);
    expect(again).not.toContain('The new invitation');
  });

  test('shows no link that a cookie brought and nobody made, or that is over', async () => {
    await using server = await startTestServer(dialect);
    const { browser, read, database } = { ...(await openForms(server)), ...server };
    const { code, invitation } = await invite(server);
    const bring = (text: string) =>
      browser.cookies.set(
        'typed-operator-invitations',
        Buffer.from(JSON.stringify({ newInvitation: text })).toString('base64url'),
      );
    bring('https://evil.example');
    expect(await read(invitations)).not.toContain('evil.example');
    bring(code);
    expect(await read(invitations)).toContain(code);
    await database.Invitation.update({ revokedAt: new Date() }, { where: { id: invitation.id } });
    bring(code);
    expect(await read(invitations)).not.toContain(code);
  });

  test.each([
    [{ email: 'nobody' }, 'invalid-email', { email: 'An email address needs an @' }],
    [{ uses: '10001' }, 'invalid-input', { uses: messages['invalid-uses'] }],
    [{ uses: 'many' }, 'invalid-input', { uses: messages['invalid-uses'] }],
    [
      { uses: '2', email: 'a@example.com' },
      'invalid-input',
      { uses: messages['one-use-for-email'] },
    ],
    [{ role: 'No Role' }, 'invalid-input', { role: messages['invalid-role'] }],
    [{ until: '2026-02-31' }, 'invalid-input', { until: messages['invalid-until'] }],
    [{ until: '2020-01-01' }, 'invalid-input', { until: messages['invalid-until'] }],
    [
      { until: 'x', role: '-', email: '@' },
      'invalid-input',
      {
        until: messages['invalid-until'],
        role: messages['invalid-role'],
        email: 'Please enter the part before the @ as well.',
      },
    ],
  ])('says beside each field of %j what is wrong, and keeps all', async (typed, told, faults) => {
    await using server = await startTestServer(dialect);
    const { submit, read } = await openForms(server);
    const fields = { email: '', role: 'gold', uses: '1', until: '2999-01-01', ...typed };
    const answer = await submit(invitations, { action: 'invite', ...fields });
    expect(where(answer)).toEqual([303, `${invitations}#${told}`]);
    const html = await read(invitations);
    for (const [field, text] of Object.entries(fields)) {
      expect(valueOf(html, field), field).toBe(text);
      const fault = (faults as Record<string, string>)[field];
      if (fault === undefined) expect(faultOf(html, field), field).toBe('');
      else expect(faultOf(html, field), field).toContain(fault);
    }
    expect(await server.database.Invitation.count()).toBe(0);
  });

  test('says that an email has an account', async () => {
    await using server = await startTestServer(dialect);
    const ada = await signUp(server);
    const { submit, read } = await openForms(server);
    const fields = { action: 'invite', email: ada.user.email, uses: '1' };
    expect(where(await submit(invitations, fields))).toEqual([303, `${invitations}#invalid-input`]);
    const html = await read(invitations);
    expect(faultOf(html, 'email')).toBe(messages['invitee-has-account']);
    expect(valueOf(html, 'email')).toBe(ada.user.email);
  });

  test('keeps what was typed through a proof', async () => {
    await using server = await startTestServer(dialect);
    const { submit, read, person } = await openForms(server);
    vi.setSystemTime(Date.now() + 6 * 60_000);
    const fields = { email: 'guest@example.com', role: 'gold', uses: '1', until: '2999-01-01' };
    const answer = await submit(invitations, { action: 'invite', ...fields });
    const way = `/operator/proof?next=${encodeURIComponent(`${invitations}#not-done`)}`;
    expect(where(answer)).toEqual([303, `${way}#password-required`]);
    expect(await server.database.Invitation.count()).toBe(0);
    await submit('/operator/proof', { next: invitations, currentPassword: person.password });
    const html = await read(invitations);
    for (const [field, text] of Object.entries(fields)) expect(valueOf(html, field)).toBe(text);
  });

  test('revokes one, and goes on where the list was', async () => {
    await using server = await startTestServer(dialect);
    const { submit, read } = await openForms(server);
    const { invitation } = await invite(server);
    const fields = { action: 'revoke', id: invitation.id, after: invitation.id };
    const here = `${invitations}?after=${invitation.id}`;
    expect(await read(invitations)).toContain('Revoke');
    expect(where(await submit(invitations, fields))).toEqual([303, `${here}#invitation-revoked`]);
    expect(where(await submit(invitations, fields))).toEqual([303, `${here}#invitation-gone`]);
    const html = await read(invitations);
    expect(html).toContain('Revoked');
    expect(html).not.toContain('value="revoke"');
    for (const id of ['', 'x', '00000000-0000-4000-8000-000000000000']) {
      const gone = await submit(invitations, { action: 'revoke', id });
      expect(where(gone), id).toEqual([303, `${invitations}#invitation-gone`]);
    }
  });
});

describe.each(dialects)('the page of the security log on %s', (dialect) => {
  test('shows what happened in words, filtered, as text', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const ada = await signUp(server);
    const eve = await signUp(server);
    const { read } = await openForms(server);
    await database.sequelize.transaction((transaction) =>
      appendEvents(
        database,
        Array.from({ length: 60 }, (_, index) => ({
          event: 'authn_login_fail',
          outcome: 'wrong-password',
          userId: ada.user.id,
          address: `192.0.2.${index}`,
          createdAt: new Date(),
          times: index + 1,
        })),
        transaction,
      ),
    );
    const all = await read(log);
    for (const text of ['A log-in failed', 'authn_login_fail', 'wrong-password', '60 times']) {
      expect(all).toContain(text);
    }
    expect(all).toContain(`href="/operator/person?id=${ada.user.id}"`);
    expect(all).toContain('192.0.2.10<');
    expect(all).not.toContain('192.0.2.9<');
    const older = /href="([^"]*after=[^"]*)"/.exec(all)?.[1] ?? '';
    expect(await read(older.replaceAll('&amp;', '&'))).toContain('192.0.2.9<');
    const email = encodeURIComponent(eve.user.email);
    const hers = await read(`${log}?person=${email}&kind=accounts&day=2026-11-27`);
    expect(hers).toContain('Account made');
    expect(hers).not.toContain('A log-in failed');
    expect(valueOf(hers, 'person')).toBe(eve.user.email);
    expect(valueOf(hers, 'day')).toBe('2026-11-27');
    expect(hers).toMatch(/<option value="accounts" selected>/);
    await database.User.destroy({ where: { id: eve.user.id } });
    expect(await read(log)).toMatch(/192\.0\.2\.59/);
    expect(await read(`${log}?kind=accounts`)).toContain('(erased)');
    const before = await read(`${log}?day=2020-01-01`);
    expect(before).toContain('Nothing is found.');
  });

  test('keeps a person whom nobody is, and says so', async () => {
    await using server = await startTestServer(dialect);
    const { read } = await openForms(server);
    for (const person of ['<b>nobody', 'a'.repeat(300)]) {
      const html = await read(`${log}?person=${encodeURIComponent(person)}`);
      expect(html).toContain('No account has this email, username or id.');
      expect(valueOf(html, 'person')).toBe(person.replace('<b>', '&lt;b&gt;'));
      expect(html).not.toContain('authz');
      expect(html).not.toContain('user_created');
    }
  });

  test.each(['kind=x', 'day=x', 'after=x', 'after=-1', 'after=1e30', 'person=%00', 'person=%ff'])(
    'does not fail at %s',
    async (query) => {
      await using server = await startTestServer(dialect);
      const { browser } = await openForms(server);
      expect((await browser.visit(`${log}?${query}`)).status).toBe(200);
    },
  );
});

describe.each(dialects)('the page of the mails on %s', (dialect) => {
  test('says that mail is off, and sends again what failed', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const { submit, read } = await openForms(server);
    const empty = await read(mail);
    expect(empty).toContain('SMTP_URL is not set');
    expect(empty).toContain('No such mails.');
    expect(empty).not.toContain('Send all of them again now');
    const failed = { nextAttemptAt: null, failedAt: new Date(), lastError: '550 <b>no' };
    const queued = { kind: 'password-reset', recipient: 'ada@example.com' };
    const row = await (await enqueueMail(database, queued)).update(failed);
    const html = await read(`${mail}?show=failed`);
    for (const text of ['Link to set a new password', 'ada@example.com', '550 &lt;b&gt;no']) {
      expect(html).toContain(text);
    }
    expect(html).toMatch(/0 waiting, 1 failed, 0 sent in the last week/);
    const fields = { action: 'retry', id: row.id, show: 'failed' };
    const here = `${mail}?show=failed`;
    expect(where(await submit(mail, fields))).toEqual([303, `${here}#mail-retried`]);
    expect((await row.reload()).failedAt).toBeNull();
    await row.update({ sentAt: new Date(), nextAttemptAt: null });
    expect(where(await submit(mail, fields))).toEqual([303, `${here}#no-mail-retried`]);
    for (const id of ['', 'x']) {
      const nothing = await submit(mail, { action: 'retry', id, show: '//evil.example' });
      expect(where(nothing), id).toEqual([303, `${mail}#no-mail-retried`]);
    }
    await enqueueMail(database, queued);
    expect(where(await submit(mail, { action: 'retry-all' }))).toEqual([
      303,
      `${mail}#mails-retried`,
    ]);
    expect(await read(`${mail}?show=sent`)).not.toContain('Send again now');
  });
});
