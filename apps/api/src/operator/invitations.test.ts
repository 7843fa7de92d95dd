import { messages } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { hashToken } from '../tokens/secret-token.ts';
import { invite } from '../testing/invitations.ts';
import { signUpOperator } from '../testing/operators.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

const DAY_MS = 24 * 3_600_000;

describe.each(dialects)('operator.invite on %s', (dialect) => {
  test('makes a link that gives the role, once, and both logs say who did it', async () => {
    await using server = await startTestServer(dialect, {
      REGISTRATION: 'invited',
      PUBLIC_URL: 'https://example.org',
    });
    const { database } = server;
    const first = await invite(server, { role: 'operator' });
    const { client, user, browser } = await signUp(server, { invitation: first.code });
    const made = await client.operator.invite.mutate({ role: 'member', until: '2999-12-31' });
    expect(made).toMatchObject({
      link: `https://example.org/register#invite=${made.code}`,
      ...{ state: 'open', email: null, role: 'member', maxUses: 1, usesLeft: 1, notes: [] },
      expiresAt: '3000-01-01T00:00:00.000Z',
    });
    const row = await database.Invitation.findByPk(made.id, { rejectOnEmpty: true });
    expect(row.codeHash).toBe(hashToken(made.code));
    const guest = await signUp(server, { invitation: made.code });
    expect(guest.user.roles).toEqual(['member']);
    const page = await client.operator.invitations.query();
    expect(page.invitations.map(({ id, state }) => [id, state])).toEqual([
      [made.id, 'used'],
      [first.invitation.id, 'used'],
    ]);
    expect(JSON.stringify(page)).not.toContain(made.code);
    const events = await database.SecurityEvent.findAll({
      where: { outcome: 'invitation-created' },
      include: 'source',
      order: ['id'],
    });
    expect(events.map(({ event, source }) => [event, source?.userId, source?.address])).toEqual([
      ['authz_admin', user.id, browser.address],
      ['authn_token_created', null, null],
    ]);
  });

  test('ends one in 30 days where nothing is said, and takes what a form leaves empty', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUpOperator(server);
    const before = Date.now();
    const empty = { email: ' ', role: '', until: '' };
    const made = await client.operator.invite.mutate(empty);
    expect(made).toMatchObject({ email: null, role: null, maxUses: 1 });
    const lasts = new Date(made.expiresAt).getTime() - 30 * DAY_MS;
    expect(lasts).toBeGreaterThanOrEqual(before);
    expect(lasts).toBeLessThanOrEqual(Date.now());
  });

  test('refuses an email that has an account, in any spelling', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const { client } = await signUpOperator(server);
    const email = person.email.toUpperCase();
    expect(await catchRefusal(client.operator.invite.mutate({ email }))).toMatchObject({
      httpStatus: 409,
      reason: 'invitee-has-account',
      fieldErrors: { email: [messages['invitee-has-account']] },
    });
    expect(await server.database.Invitation.count()).toBe(0);
  });

  test('revokes one, whose code no longer works, and says where that was so already', async () => {
    await using server = await startTestServer(dialect, { REGISTRATION: 'invited' });
    const first = await invite(server, { role: 'operator' });
    const { client } = await signUp(server, { invitation: first.code });
    const { id, code } = await client.operator.invite.mutate({});
    expect(await client.operator.revokeInvitation.mutate({ id })).toEqual({ changed: true });
    expect(await client.operator.revokeInvitation.mutate({ id })).toEqual({ changed: false });
    const unknown = { id: '00000000-0000-4000-8000-000000000000' };
    expect(await catchRefusal(client.operator.revokeInvitation.mutate(unknown))).toMatchObject({
      httpStatus: 404,
    });
    const [newest] = (await client.operator.invitations.query()).invitations;
    expect(newest).toMatchObject({ id, state: 'revoked' });
    const guest = createClient(server.openBrowser());
    const late = guest.auth.register.mutate({ ...makePerson(), invitation: code });
    expect((await catchRefusal(late)).reason).toBe('invitation-not-valid');
    const outcomes = await server.database.SecurityEvent.findAll({
      where: { outcome: 'invitation-revoked' },
    });
    expect(outcomes.map(({ event }) => event)).toEqual(['authz_admin', 'authn_token_revoked']);
  });

  test('lists 120 in pages of 50, each once, the newest first', async () => {
    await using server = await startTestServer(dialect);
    const { Invitation } = server.database;
    const start = Date.now() - 10_000_000;
    const rows = Array.from({ length: 120 }, (_, index) => ({
      codeHash: hashToken(`code ${index}`),
      ...{ maxUses: 1, usesLeft: 1, expiresAt: new Date(Date.now() + DAY_MS) },
      // Some of the same moment: the id decides.
      createdAt: new Date(start + Math.floor(index / 7) * 1000),
    }));
    await Invitation.bulkCreate(rows);
    const { client } = await signUpOperator(server);
    const seen: string[] = [];
    for (let isMore = true; isMore;) {
      const cursor = seen.at(-1);
      const page = await client.operator.invitations.query(cursor === undefined ? {} : { cursor });
      seen.push(...page.invitations.map(({ id }) => id));
      ({ isMore } = page);
    }
    const order: [string, string][] = [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ];
    const all = await Invitation.findAll({ attributes: ['id'], order });
    expect(seen).toEqual(all.map(({ id }) => id));
  });
});

test.each([
  [{ email: 'nobody' }, { email: 'An email address needs an @, as in name@example.com.' }],
  [{ uses: 0 }, { uses: messages['invalid-uses'] }],
  [{ uses: 10_001 }, { uses: messages['invalid-uses'] }],
  [{ uses: 1.5 }, { uses: messages['invalid-uses'] }],
  [{ uses: 2, email: 'a@example.com' }, { uses: messages['one-use-for-email'] }],
  [{ role: 'No Role' }, { role: messages['invalid-role'] }],
  [{ until: '2020-01-01' }, { until: messages['invalid-until'] }],
  [
    { until: 'tomorrow', role: '-' },
    {
      until: messages['invalid-until'],
      role: messages['invalid-role'],
    },
  ],
])('operator.invite refuses %j, and says why', async (input, faults) => {
  await using server = await startTestServer('sqlite');
  const { client } = await signUpOperator(server);
  const refused = await catchRefusal(client.operator.invite.mutate(input));
  expect(refused.reason).toBe('invalid-input');
  const errors = Object.entries(faults).map(([field, sentence]) => [field, [sentence]]);
  expect(refused.fieldErrors).toEqual(Object.fromEntries(errors));
  expect(await server.database.Invitation.count()).toBe(0);
});

test('operator.invite says what is not to be expected of an invitation', async () => {
  const settings = { REGISTRATION: 'closed', ALLOWED_EMAIL_DOMAINS: 'example.org' };
  await using server = await startTestServer('sqlite');
  const { person } = await signUpOperator(server);
  await using closed = await startTestServer('sqlite', settings, { database: server.database });
  const client = createClient(closed.openBrowser());
  await client.auth.login.mutate({ identifier: person.email, password: person.password });
  const { notes } = await client.operator.invite.mutate({
    email: 'a@example.com',
    role: 'nothing',
  });
  expect(notes).toEqual([
    expect.stringContaining('REGISTRATION is closed'),
    expect.stringContaining('does not hold the domain of a@example.com'),
    expect.stringContaining('opens anything to the role nothing. It knows'),
  ]);
});
