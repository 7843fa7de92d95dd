import type { Database } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { Op } from 'sequelize';
import { beforeEach, afterEach, describe, expect, test, vi } from 'vitest';
import { verifySecurityLog } from '../security-log/verify-security-log.ts';
import { setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';
import { personActs } from './person-acts.ts';
import { roleActs } from './role-acts.ts';

type SignedUp = Awaited<ReturnType<typeof signUp>>;
type Both = { server: TestServer; operator: SignedUp; member: SignedUp };

const nobody = '00000000-0000-4000-8000-000000000000';
const newPassword = 'another quiet lantern';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

const update = ({ database }: TestServer, { user }: SignedUp, values: object) =>
  database.User.update(values, { where: { id: user.id } });

async function signUpOperator(server: TestServer): Promise<SignedUp> {
  const operator = await signUp(server);
  await update(server, operator, { roles: ['operator'] });
  return operator;
}

async function signUpBoth(server: TestServer): Promise<Both> {
  return { server, member: await signUp(server), operator: await signUpOperator(server) };
}

const isSignedIn = async ({ client }: SignedUp) => (await client.auth.session.query()) !== null;

/** What the person reads of it. */
async function readLines({ Activity }: Database, { user }: SignedUp) {
  const lines = await Activity.findAll({
    where: { userId: user.id, event: { [Op.ne]: 'registered' } },
  });
  return lines.map(({ event, detail, note, address }) => ({ event, detail, note, address }));
}

/** The rows of the log about an operator's acts and what followed each, in their order. */
async function readActs(server: TestServer): Promise<unknown[]> {
  await server.deps.securityLog.flush();
  const rows = await server.database.SecurityEvent.findAll({ include: 'source', order: ['id'] });
  const acts = rows.flatMap((row, index) =>
    row.event === 'authz_admin' ? rows.slice(index, index + 2) : [],
  );
  return acts.map(({ event, outcome, source }) => [event, outcome, source?.userId ?? null]);
}

type Call = (both: Both) => Promise<unknown>;
type Acts = Both['operator']['client']['operator'];

/** Calls a procedure of the operator for the member. */
const act =
  (call: (acts: Acts, id: string, both: Both) => Promise<unknown>): Call =>
  (both) =>
    call(both.operator.client.operator, both.member.user.id, both);

type Case = {
  name: string;
  call: Call;
  /** What is so before. */
  before?: object;
  event?: [name: string, detail?: string, note?: string];
  row: [event: string, outcome: string];
  /** Whether the member's session goes on. */
  staysSignedIn?: boolean;
};

const gold = { role: 'gold', until: '2026-12-31', reason: 'the prize' };
const goldEnd = '2027-01-01T00:00:00.000Z';

const cases: Case[] = [
  {
    name: 'disable',
    call: act((acts, id) => acts.disable.mutate({ id })),
    event: ['disabled-by-operator'],
    row: ['user_updated', 'disabled-by-operator'],
  },
  {
    name: 'enable',
    before: { disabledAt: new Date() },
    call: act((acts, id) => acts.enable.mutate({ id })),
    event: ['enabled-by-operator'],
    row: ['user_updated', 'enabled-by-operator'],
  },
  {
    name: 'grantRole',
    call: act((acts, id) => acts.grantRole.mutate({ id, ...gold })),
    event: ['role-given', 'gold', 'until 2027-01-01 00:00Z; the prize'],
    row: ['privilege_permissions_changed', 'role-given: gold until 2027-01-01 00:00Z'],
  },
  {
    name: 'revokeRole',
    before: { roleEnds: { gold: goldEnd } },
    call: act((acts, id) => acts.revokeRole.mutate({ id, role: 'gold', reason: 'it is over' })),
    event: ['role-taken', 'gold', 'it is over'],
    row: ['privilege_permissions_changed', 'role-taken: gold'],
  },
  {
    name: 'endSessions',
    call: act((acts, id) => acts.endSessions.mutate({ id })),
    event: ['signed-out-by-operator'],
    row: ['session_ended', 'signed-out-by-operator'],
  },
  {
    name: 'makeResetLink',
    call: act((acts, id) => acts.makeResetLink.mutate({ id })),
    event: ['reset-link-made'],
    row: ['authn_token_created', 'reset-link-made'],
    staysSignedIn: true,
  },
  {
    name: 'approve',
    before: { waitingSince: new Date() },
    call: act((acts, id) => acts.approve.mutate({ id })),
    event: ['approved-by-operator'],
    row: ['user_updated', 'approved-by-operator'],
    staysSignedIn: true,
  },
  {
    name: 'refuse',
    before: { waitingSince: new Date() },
    call: act((acts, id) => acts.refuse.mutate({ id })),
    row: ['user_deleted', 'refused-by-operator'],
  },
  {
    name: 'deletePerson',
    call: act((acts, id, { member }) =>
      acts.deletePerson.mutate({ id, email: ` ${member.person.email.toUpperCase()} ` }),
    ),
    row: ['user_deleted', 'deleted-by-operator'],
  },
];

describe.each(dialects)('what operators do to an account on %s', (dialect) => {
  test.each(cases)(
    '$name is done, and told to the person and in the log',
    async ({ name, call, before, event, row, staysSignedIn = false }) => {
      await using server = await startTestServer(dialect);
      const both = await signUpBoth(server);
      const { member, operator } = both;
      if (before) await update(server, member, before);
      await call(both);
      const isGone = event === undefined;
      const [of, detail = null, note = null] = event ?? [];
      expect(await readLines(server.database, member)).toEqual(
        isGone ? [] : [{ event: of, detail, note, address: null }],
      );
      expect(await readActs(server)).toEqual([
        ['authz_admin', row[1], operator.user.id],
        [...row, isGone ? null : member.user.id],
      ]);
      expect(await verifySecurityLog(server.database)).toMatchObject({ outcome: 'whole' });
      expect([name, await isSignedIn(member)]).toEqual([name, staysSignedIn]);
      expect(await isSignedIn(operator)).toBe(true);
      expect(server.logLines.join('')).toContain('authz_admin');
    },
  );

  test('says that nothing has changed where it was so already, and writes nothing', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const { id } = member.user;
    const acts = operator.client.operator;
    await server.database.Session.destroy({ where: { userId: id } });
    for (const call of [
      acts.enable.mutate({ id }),
      acts.revokeRole.mutate({ id, role: 'gold' }),
      acts.endSessions.mutate({ id }),
      acts.endSession.mutate({ id, session: nobody }),
      acts.removeFactors.mutate({ id }),
      acts.approve.mutate({ id }),
      acts.refuse.mutate({ id }),
    ]) {
      expect(await call).toEqual({ changed: false });
    }
    expect(await readActs(server)).toEqual([]);
  });

  test('tells of a role to which this site opens nothing', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const grant = (role: string) =>
      operator.client.operator.grantRole.mutate({ id: member.user.id, role });
    expect(await grant('glod')).toEqual({ changed: true, isKnown: false });
    for (const role of ['gold', 'member', 'operator']) {
      expect(await grant(role), role).toEqual({ changed: true, isKnown: true });
    }
    expect(await grant('gold')).toEqual({ changed: false, isKnown: true });
  });

  test.each([
    [{ role: 'No Role' }, 'role'],
    [{ role: 'gold', until: '2020-01-01' }, 'until'],
    [{ role: 'gold', until: 'soon' }, 'until'],
    [{ role: 'gold', reason: 'x'.repeat(121) }, 'reason'],
    [{ role: 'gold', reason: 'a\u0000b' }, 'reason'],
  ])('refuses the role %j, and says where the fault is', async (given, field) => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const call = operator.client.operator.grantRole.mutate({ id: member.user.id, ...given });
    const { reason, fieldErrors = {} } = await catchRefusal(call);
    expect([reason, Object.keys(fieldErrors)]).toEqual(['invalid-input', [field]]);
    expect(await readActs(server)).toEqual([]);
  });

  test('ends one session and leaves the others, and only those of the person', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const { id } = member.user;
    const other = createClient(server.openBrowser());
    const { email, password } = member.person;
    await other.auth.login.mutate({ identifier: email, password });
    const first = await server.database.Session.findOne({
      where: { userId: id },
      order: ['createdAt'],
      rejectOnEmpty: true,
    });
    const own = await server.database.Session.findOne({
      where: { userId: operator.user.id },
      rejectOnEmpty: true,
    });
    const acts = operator.client.operator;
    expect(await acts.endSession.mutate({ id, session: own.id })).toEqual({ changed: false });
    expect(await acts.endSession.mutate({ id, session: first.id })).toEqual({ changed: true });
    const sessions = await server.database.Session.findAll({ where: { userId: id } });
    expect(sessions.map((session) => session.id)).not.toContain(first.id);
    expect(sessions).toHaveLength(1);
    expect(await isSignedIn(operator)).toBe(true);
  });

  test('removes the second factors of a person, whose password then logs in alone', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    await setUpApp(member.client);
    const { id } = member.user;
    expect(await operator.client.operator.removeFactors.mutate({ id })).toEqual({ changed: true });
    expect(await isSignedIn(member)).toBe(false);
    const { email, password } = member.person;
    const login = createClient(server.openBrowser()).auth.login;
    expect(await login.mutate({ identifier: email, password })).toHaveProperty('user.id', id);
    expect(await readActs(server)).toEqual([
      ['authz_admin', 'factors-removed-by-operator', operator.user.id],
      ['user_updated', 'factors-removed-by-operator', id],
    ]);
  });

  test('makes a link that sets a new password, and none for a disabled account', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const { id } = member.user;
    const acts = operator.client.operator;
    const { link, code, expiresAt } = await acts.makeResetLink.mutate({ id });
    expect(link).toBe(`${server.deps.settings.publicOrigin}/reset-password#token=${code}`);
    expect(expiresAt).toBe('2026-11-27T12:30:10.000Z');
    const visitor = createClient(server.openBrowser());
    await visitor.auth.resetPassword.mutate({ token: code, newPassword });
    const login = { identifier: member.person.email, password: newPassword };
    expect(await visitor.auth.login.mutate(login)).toHaveProperty('user.id', id);
    await update(server, member, { disabledAt: new Date() });
    expect(await catchRefusal(acts.makeResetLink.mutate({ id }))).toMatchObject({
      httpStatus: 409,
      reason: 'account-disabled',
    });
  });

  test('deletes nobody whose email is not the one that was typed', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    const { id } = member.user;
    const { email } = operator.person;
    const call = operator.client.operator.deletePerson.mutate({ id, email });
    expect(await catchRefusal(call)).toMatchObject({
      reason: 'invalid-input',
      fieldErrors: { email: ['That is not the email of this account. Nothing was deleted.'] },
    });
    expect(await server.database.User.findByPk(id)).not.toBeNull();
  });
});

/** Every procedure that takes a person, with what it needs besides. */
const more: Record<string, object> = {
  grantRole: { role: 'gold' },
  revokeRole: { role: 'gold' },
  endSession: { session: nobody },
  deletePerson: { email: 'ada@example.com' },
};
const names = cases.map(({ name }) => name).concat('endSession', 'removeFactors');

describe.each(dialects)('an act of operators on %s', (dialect) => {
  const callAll = async ({ browser }: SignedUp, id: string) => {
    const answers: string[] = [];
    for (const name of names) {
      const answer = await postTrpc(browser, `operator.${name}`, { id, ...more[name] });
      const { error } = (await answer.json()) as { error?: { data: { reason: string } } };
      answers.push(`${name} ${answer.status} ${error?.data.reason ?? 'done'}`);
    }
    return answers;
  };
  const all = (text: string) => names.map((name) => `${name} ${text}`);

  test('is tested here, whatever its name', () => {
    const acts = Object.keys({ ...personActs, ...roleActs });
    expect(names.toSorted()).toEqual(acts.toSorted());
  });

  test('is refused on one’s own account', async () => {
    await using server = await startTestServer(dialect);
    const operator = await signUpOperator(server);
    expect(await callAll(operator, operator.user.id)).toEqual(all('403 own-account'));
    expect(await isSignedIn(operator)).toBe(true);
  });

  // ASVS 8.2.1
  test('is not there for whoever is no operator', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    expect(await callAll(member, operator.user.id)).toEqual(all('404 not-found'));
    const visitor = { ...member, browser: server.openBrowser() };
    expect(await callAll(visitor, operator.user.id)).toEqual(all('404 not-found'));
    expect(await readActs(server)).toEqual([]);
  });

  // ASVS 7.5.1
  test('wants a proof that is not older than five minutes', async () => {
    await using server = await startTestServer(dialect);
    const { member, operator } = await signUpBoth(server);
    vi.setSystemTime(Date.now() + 6 * 60_000);
    expect(await callAll(operator, member.user.id)).toEqual(all('403 password-required'));
    expect(await isSignedIn(member)).toBe(true);
  });

  test('on somebody who was deleted meanwhile finds nobody', async () => {
    await using server = await startTestServer(dialect);
    const operator = await signUpOperator(server);
    expect(await callAll(operator, nobody)).toEqual(all('404 not-found'));
    expect(await readActs(server)).toEqual([]);
  });

  test('on each other at the same time leaves one of two operators', async () => {
    await using server = await startTestServer(dialect);
    const one = await signUpOperator(server);
    const other = await signUpOperator(server);
    const disable = ({ client }: SignedUp, { user }: SignedUp) =>
      client.operator.disable.mutate({ id: user.id }).then(
        () => 'done',
        (fault: unknown) => (fault as { data: { reason: string } }).data.reason,
      );
    const outcomes = await Promise.all([disable(one, other), disable(other, one)]);
    expect(outcomes.toSorted()).toEqual(['done', 'not-found']);
    const left = await server.database.User.count({ where: { disabledAt: null } });
    expect(left).toBe(1);
    expect(await verifySecurityLog(server.database)).toMatchObject({ outcome: 'whole' });
  });
});
