import type { Database } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { createMetrics } from '../process/metrics.ts';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import { hashRow } from './chain.ts';
import { appendEvents, type NewSecurityEvent } from './append-events.ts';
import { purgeSecurityLog } from './purge-security-log.ts';
import { openSecurityLog } from './security-log.ts';
import { verifyEnd, verifySecurityLog } from './verify-security-log.ts';

const silent = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const event = (overrides: Partial<NewSecurityEvent> = {}): NewSecurityEvent => ({
  event: 'authn_login_fail',
  outcome: 'unknown-email',
  address: '192.0.2.1',
  createdAt: new Date(),
  ...overrides,
});

const append = (database: Database, events: NewSecurityEvent[]) =>
  database.sequelize.transaction((transaction) => appendEvents(database, events, transaction));
const appendMany = (database: Database, count: number) =>
  append(
    database,
    Array.from({ length: count }, () => event()),
  );
const readLog = ({ SecurityEvent }: Database) =>
  SecurityEvent.findAll({ include: 'source', order: ['id'] });

describe.each(dialects)('the security log on %s', (dialect) => {
  // ASVS 16.2.1, 16.3.1
  test('has who did what, by OWASP’s names, and the person’s own part is gone with them', async () => {
    await using server = await startTestServer(dialect);
    const { database, deps } = server;
    const { client, person, user, browser } = await signUp(server);
    const { email: identifier, password } = person;
    const stranger = server.openBrowser();
    const wrong = createClient(stranger).auth.login.mutate({ identifier, password: 'wrong' });
    await catchRefusal(wrong);
    await client.auth.logout.mutate();
    await client.auth.login.mutate({ identifier, password });
    await deps.securityLog.flush();
    const rows = await readLog(database);
    expect(rows.map((row) => [row.event, row.source?.userId, row.source?.address])).toEqual([
      ['user_created', user.id, browser.address],
      ['authn_login_fail', user.id, stranger.address],
      ['session_ended', user.id, browser.address],
      ['authn_login_success', user.id, browser.address],
    ]);
    await client.account.delete.mutate({ email: identifier, currentPassword: password });
    await deps.securityLog.flush();
    expect(await database.SecurityEventSource.count()).toBe(0);
    expect((await readLog(database)).at(-1)?.event).toBe('user_deleted');
    expect(await verifySecurityLog(database)).toMatchObject({
      outcome: 'whole',
      rows: 6,
      erased: 6,
    });
  });

  test('is one chain of two servers where many log in at once', async () => {
    await using one = await startTestServer(dialect);
    await using other = await startTestServer(dialect, {}, { database: one.database });
    const { person } = await signUp(one);
    const { email: identifier, password } = person;
    const logIns = Array.from({ length: 24 }, (_, index) =>
      createClient([one, other][index % 2]?.openBrowser() ?? one.openBrowser()).auth.login.mutate({
        identifier,
        password,
      }),
    );
    await Promise.all(logIns);
    await Promise.all([one, other].map(({ deps }) => deps.securityLog.flush()));
    const rows = await readLog(one.database);
    expect(rows.filter((row) => row.event === 'authn_login_success')).toHaveLength(24);
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1));
    expect(await verifySecurityLog(one.database)).toMatchObject({
      outcome: 'whole',
      rows: rows.length,
    });
  });

  test('is one chain of writers that begin it at the same time', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await Promise.all(Array.from({ length: 8 }, () => appendMany(database, 5)));
    expect(await verifySecurityLog(database, [], 7)).toMatchObject({
      outcome: 'whole',
      rows: 40,
    });
    expect(await verifyEnd(database, null)).toBeNull();
  });

  // ASVS 16.4.2
  test.each([
    ['a changed event', "UPDATE security_events SET event = 'x' WHERE id = 5", 5],
    ['a changed outcome', 'UPDATE security_events SET outcome = NULL WHERE id = 5', 5],
    ['a changed number', 'UPDATE security_events SET times = 2 WHERE id = 5', 5],
    [
      'a changed time',
      "UPDATE security_events SET created_at = '2020-01-01 00:00:00+00' WHERE id = 5",
      5,
    ],
    ['a changed hash', `UPDATE security_events SET hash = '${'0'.repeat(64)}' WHERE id = 5`, 5],
    [
      'a changed address',
      "UPDATE security_event_sources SET address = '::2' WHERE event_id = 5",
      5,
    ],
    ['a removed address', 'DELETE FROM security_event_sources WHERE event_id = 5', 5],
    ['a removed row', 'DELETE FROM security_events WHERE id = 5', 5],
    ['removed first rows', 'DELETE FROM security_events WHERE id < 5', 1],
    ['a cut tail', 'DELETE FROM security_events WHERE id > 8', 9],
    ['nothing left', 'DELETE FROM security_events', 1],
    ['a row after the end', 'UPDATE security_log_ends SET last_id = 8', 9],
    ['another end', `UPDATE security_log_ends SET last_hash = '${'0'.repeat(64)}'`, 10],
    ['no end', 'DELETE FROM security_log_ends', 1],
  ])('shows %s', async (_, statement, row) => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await appendMany(database, 10);
    await database.sequelize.query(statement);
    expect(await verifySecurityLog(database, [], 4)).toMatchObject({ outcome: 'broken', row });
  });

  test('shows a row that was changed with its hash, at the one that goes on after it', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await appendMany(database, 4);
    const [first, second] = await readLog(database);
    if (!first || !second) throw new Error('There are four rows.');
    second.event = 'authn_login_success';
    second.hash = hashRow(first.hash, second);
    await second.save();
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'broken', row: 3 });
  });

  test('shows rows that changed places', async () => {
    await using place = await createTestDatabase(dialect);
    const { sequelize } = place.database;
    await append(place.database, [event(), event(), event({ event: 'authz_fail' }), event()]);
    for (const [from, to] of [
      [3, 9],
      [2, 3],
      [9, 2],
    ]) {
      await sequelize.query(`UPDATE security_events SET id = ${to} WHERE id = ${from}`);
    }
    const found = await verifySecurityLog(place.database);
    expect(found).toMatchObject({ outcome: 'broken', row: 2 });
  });

  test('shows a tail that was cut with its end, to who noted the end before', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    await appendMany(database, 6);
    const first = await verifySecurityLog(database);
    if (first.outcome !== 'whole') throw new Error('It was just written.');
    const known = first.end;
    const { SecurityEvent, SecurityLogEnd } = database;
    const fourth = await SecurityEvent.findByPk(4, { rejectOnEmpty: true });
    await SecurityEvent.destroy({ where: { id: [5, 6] } });
    await SecurityLogEnd.update({ lastId: 4, lastHash: fourth.hash }, { where: {} });
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'whole', rows: 4 });
    expect(await verifySecurityLog(database, [known])).toMatchObject({ outcome: 'broken', row: 5 });
    expect(await verifyEnd(database, known)).toMatchObject({ row: 5 });
    // Others that are written in their place have other hashes.
    await appendMany(database, 5);
    expect(await verifySecurityLog(database, [known])).toMatchObject({ outcome: 'broken', row: 6 });
    expect(await verifyEnd(database, known)).toMatchObject({ row: 6 });
  });

  // ASVS 14.2.7, 16.4.2
  test('is purged by age, stays whole, and shows when somebody else purged it', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const old = new Date(Date.now() - 40 * 86_400_000);
    await append(
      database,
      Array.from({ length: 7 }, () => event({ createdAt: old })),
    );
    await appendMany(database, 3);
    const noted = await verifySecurityLog(database);
    expect(await purgeSecurityLog(database, { days: 41 })).toBe(0);
    const [purged] = await Promise.all([
      purgeSecurityLog(database, { days: 30, sliceRows: 4 }),
      ...Array.from({ length: 5 }, () => appendMany(database, 2)),
      verifySecurityLog(database, [], 2).then((during) => expect(during.outcome).toBe('whole')),
    ]);
    expect(purged).toBe(7);
    expect(await database.SecurityEvent.min('id')).toSatisfy((id) => Number(id) === 8);
    expect(await database.SecurityEventSource.count()).toBe(15);
    if (noted.outcome !== 'whole') throw new Error('It was just written.');
    const known = noted.end;
    expect(await verifySecurityLog(database, [known])).toMatchObject({
      outcome: 'whole',
      rows: 15,
    });
    expect(await purgeSecurityLog(database, { days: 30 })).toBe(0);
    const ninth = await database.SecurityEvent.findByPk(9, { rejectOnEmpty: true });
    await database.SecurityEvent.destroy({ where: { id: [8, 9] } });
    await database.SecurityLogEnd.update({ purgedId: 9, purgedHash: ninth.hash }, { where: {} });
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'broken', row: 8 });
  });

  test('has nothing of somebody who was deleted before a row was written', async () => {
    await using server = await startTestServer(dialect);
    const { user } = await signUp(server);
    const { database, deps } = server;
    await deps.securityLog.flush();
    deps.securityLog.add(event({ userId: user.id }));
    await database.User.destroy({ where: { id: user.id } });
    await deps.securityLog.flush();
    expect(await database.SecurityEventSource.count()).toBe(0);
    expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'whole', erased: 2 });
  });
});

// ASVS 16.3.2
test('What a client without an account repeats is counted in one row', async () => {
  await using server = await startTestServer('sqlite');
  const visitor = server.openBrowser();
  for (let round = 0; round < 6; round += 1)
    await visitor.fetch('/secrets', { redirect: 'manual' });
  await server.openBrowser().fetch('/secrets', { redirect: 'manual' });
  await server.deps.securityLog.flush();
  const rows = await readLog(server.database);
  expect(rows.map(({ source, times }) => [source?.address === visitor.address, times])).toEqual([
    [true, 1],
    [false, 1],
    [true, 5],
  ]);
});

test('A log that cannot be written is written later', async () => {
  await using place = await createTestDatabase('sqlite');
  const { database } = place;
  const parts = { database, log: silent, metrics: createMetrics() };
  const log = openSecurityLog(parts, { delayMs: 1, retryMs: 5, repeatMs: 60_000 });
  vi.spyOn(database.SecurityEvent, 'bulkCreate').mockRejectedValueOnce(new Error('no disk'));
  log.add(event());
  await vi.waitFor(async () => expect(await database.SecurityEvent.count()).toBe(1));
  expect(silent.error).toHaveBeenCalledTimes(1);
  expect(await verifySecurityLog(database)).toMatchObject({ outcome: 'whole', rows: 1 });
  await log.close();
});

test('With SECURITY_LOG_DAYS=0 nothing is kept', async () => {
  await using server = await startTestServer('sqlite', { SECURITY_LOG_DAYS: '0' });
  await signUp(server);
  await server.deps.securityLog.flush();
  expect(await server.database.SecurityEvent.count()).toBe(0);
});
