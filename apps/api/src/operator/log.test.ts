import type { Database } from '@latchkey/db';
import { logKinds, type LogKind } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { appendEvents, type NewSecurityEvent } from '../security-log/append-events.ts';
import { verifySecurityLog } from '../security-log/verify-security-log.ts';
import { signUpOperator } from '../testing/operators.ts';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

const append = (database: Database, events: Partial<NewSecurityEvent>[]) =>
  database.sequelize.transaction((transaction) =>
    appendEvents(
      database,
      events.map((event) => ({ event: 'authn_login_fail', createdAt: new Date(), ...event })),
      transaction,
    ),
  );

describe.each(dialects)('operator.log on %s', (dialect) => {
  test('has who did what, and those who were deleted as erased', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const ada = await signUp(server);
    const eve = await signUp(server);
    const { client, user } = await signUpOperator(server);
    await append(database, [{ outcome: 'unknown-email', address: '192.0.2.7', times: 9 }]);
    await eve.client.account.delete.mutate({ email: eve.person.email });
    await server.deps.securityLog.flush();
    const { rows, isMore } = await client.operator.log.query();
    expect(isMore).toBe(false);
    const shown = rows.map((row) => [row.event, row.times, row.person?.email, row.isErased]);
    expect(shown).toEqual([
      ['user_deleted', 1, undefined, true],
      ['authn_login_fail', 9, undefined, false],
      ['user_created', 1, user.email, false],
      ['user_created', 1, undefined, true],
      ['user_created', 1, ada.user.email, false],
    ]);
    expect(rows[1]).toMatchObject({ address: '192.0.2.7', outcome: 'unknown-email', person: null });
    expect(rows.map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  });

  test('says to whom an operator did something, and in that row who it was', async () => {
    await using server = await startTestServer(dialect);
    const [ada, eve] = [await signUp(server), await signUp(server)];
    const { client, user } = await signUpOperator(server);
    await client.operator.disable.mutate({ id: ada.user.id });
    await client.operator.disable.mutate({ id: eve.user.id });
    const { rows } = await client.operator.log.query({ kind: 'operators' });
    const shown = rows.map((row) => [row.person?.email, row.other?.email]);
    expect(shown).toEqual([
      [eve.user.email, user.email],
      [user.email, eve.user.email],
      [ada.user.email, user.email],
      [user.email, ada.user.email],
    ]);
    const own = await client.operator.log.query({ person: ada.user.email });
    expect(own.rows[0]?.other?.id).toBe(user.id);
    expect(own.rows.at(-1)?.other).toBeNull();
    await client.operator.deletePerson.mutate({ id: eve.user.id, email: eve.user.email });
    const later = await client.operator.log.query({ kind: 'operators' });
    const erased = later.rows.find(({ event }) => event === 'user_deleted');
    expect([erased?.person, erased?.isErased, erased?.other?.id]).toEqual([null, true, user.id]);
  });

  test.each(['email', 'username', 'id'] as const)('is that of a person, by %s', async (name) => {
    await using server = await startTestServer(dialect);
    const ada = await signUp(server);
    await signUp(server);
    const { client } = await signUpOperator(server);
    await append(server.database, [
      { userId: ada.user.id, outcome: 'wrong-password' },
      { event: 'session_ended', userId: ada.user.id },
    ]);
    const typed = ` ${ada.user[name]?.toUpperCase()} `;
    const { rows } = await client.operator.log.query({ person: typed });
    expect(rows.map(({ event }) => event)).toEqual([
      'session_ended',
      'authn_login_fail',
      'user_created',
    ]);
    const failures = await client.operator.log.query({ person: typed, kind: 'failures' });
    expect(failures.rows.map(({ event }) => event)).toEqual(['authn_login_fail']);
  });

  test('refuses a person whom nobody is, in a sentence', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUpOperator(server);
    for (const person of ['nobody', 'nobody@example.com', '00000000-0000-4000-8000-000000000000']) {
      expect(await catchRefusal(client.operator.log.query({ person }))).toMatchObject({
        httpStatus: 400,
        fieldErrors: { person: ['No account has this email, username or id.'] },
      });
    }
  });

  test('goes on by pages of 50, each row once, whatever is asked for', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const ada = await signUp(server);
    const { client } = await signUpOperator(server);
    const names = ['authn_login_fail', 'authn_login_lock', 'authz_fail'];
    const events = Array.from({ length: 330 }, (_, index) => ({
      event: names[index % 3] ?? '',
      ...(index % 2 === 0 && { userId: ada.user.id }),
    }));
    await append(database, events);
    const readAll = async (wanted: { person?: string; kind?: LogKind }) => {
      const seen: number[] = [];
      for (let isMore = true; isMore;) {
        const cursor = seen.at(-1);
        const page = await client.operator.log.query({ ...wanted, ...(cursor && { cursor }) });
        seen.push(...page.rows.map(({ id }) => id));
        expect(page.rows.length).toBeLessThanOrEqual(50);
        ({ isMore } = page);
      }
      return seen;
    };
    const expected = (fits: (event: { event: string; userId?: string }) => boolean) =>
      // Three rows came before: two registrations, and the log that is read.
      events.flatMap((event, index) => (fits(event) ? [index + 3] : [])).toReversed();
    const person = ada.user.email;
    const isFailure = ({ event }: { event: string }) => event !== 'authz_fail';
    expect(await readAll({ kind: 'failures' })).toEqual(expected(isFailure));
    expect(await readAll({ kind: 'failures', person })).toEqual(
      expected((event) => isFailure(event) && event.userId !== undefined),
    );
    const all = await readAll({});
    expect(all.filter((id) => id >= 3 && id < 333)).toEqual(expected(() => true));
  });

  test('has what operators did as a kind, from the browser and the command line', async () => {
    await using server = await startTestServer(dialect);
    const ada = await signUp(server);
    const { client } = await signUpOperator(server);
    const userId = ada.user.id;
    await append(server.database, [
      { event: 'user_updated', outcome: 'disabled-by-operator', userId },
      { event: 'user_updated', outcome: 'profile', userId },
      { event: 'session_ended', outcome: 'signed-out-by-operator', userId },
      { event: 'session_ended', outcome: 'logout', userId },
      { event: 'authn_token_created', outcome: 'reset-link-made', userId },
      { event: 'user_created', outcome: 'imported-by-operator: 3' },
    ]);
    await client.operator.invite.mutate({});
    const { rows } = await client.operator.log.query({ kind: 'operators' });
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      'invitation-created',
      'invitation-created',
      'imported-by-operator: 3',
      'reset-link-made',
      'signed-out-by-operator',
      'disabled-by-operator',
    ]);
    for (const kind of Object.keys(logKinds) as LogKind[]) {
      await expect(client.operator.log.query({ kind, person: userId })).resolves.toBeDefined();
    }
  });

  test.each([
    ['2026-11-01', 0],
    ['2026-11-02', 3],
    ['2026-11-03', 3],
    ['2026-11-04', 7],
    ['2026-12-31', 7],
  ])('until %s has %i rows', async (day, count) => {
    await using server = await startTestServer(dialect);
    const { client } = await signUpOperator(server);
    const days = ['2026-11-02T00:00:00Z', '2026-11-02T12:00:00Z', '2026-11-02T23:59:59.999Z'];
    const later = ['2026-11-04T01:00:00Z', '2026-11-04T02:00:00Z', '2026-11-04T03:00:00Z'];
    await server.database.SecurityEvent.destroy({ where: {} });
    await append(
      server.database,
      [...days, ...later, '2026-11-04T23:00:00Z'].map((at) => ({ createdAt: new Date(at) })),
    );
    const { rows } = await client.operator.log.query({ day });
    expect(rows).toHaveLength(count);
  });

  test('is read with one row that says so, however often, and stays whole', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUpOperator(server);
    for (let times = 0; times < 5; times += 1) await client.operator.log.query();
    await server.deps.securityLog.flush();
    const { rows } = await client.operator.log.query({ kind: 'operators' });
    const reads = rows.map(({ event, outcome, times, person }) => [
      ...[event, outcome, times, person?.id],
    ]);
    expect(reads).toEqual([
      ['sensitive_read', 'security-log', 4, user.id],
      ['sensitive_read', 'security-log', 1, user.id],
    ]);
    expect(await verifySecurityLog(server.database)).toMatchObject({ outcome: 'whole' });
  });

  test('is not there for others, nor without a fresh proof of an operator', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    expect((await catchRefusal(client.operator.log.query())).httpStatus).toBe(404);
    const visitor = createClient(server.openBrowser());
    expect((await catchRefusal(visitor.operator.log.query())).httpStatus).toBe(404);
  });
});
