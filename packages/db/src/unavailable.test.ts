import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { QueryTypes } from 'sequelize';
import { expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { createTestDatabase, dialects, type TestDatabase } from './testing/index.ts';
import { sampleUser } from './testing/sample-rows.ts';
import { findTroubleKind, type TroubleKind } from './trouble.ts';
import { isUnavailable } from './unavailable.ts';

const codes = [
  ...['08000', '08001', '08003', '08004', '08006', '08007', '08P01', '22023', '23514', '25P02'],
  ...['25P03', '25P04', '28000', '28P01', '40001', '40003', '40P01', '42601', '53000', '53200'],
  ...['53300', '53400', '54000', '55000', '55P03', '57000', '57014', '57P01', '57P02', '57P03'],
  ...['57P04', '57P05', '58000', '58030', '58P01', 'P0001', 'XX000'],
];

const catchFault = (work: Promise<unknown>) =>
  work.then(
    () => new Error('It was expected to fail.'),
    (fault: unknown) => fault,
  );

test.each(dialects)('A fault of the query is none of the database: %s', async (dialect) => {
  await using place = await createTestDatabase(dialect);
  const { User, sequelize } = place.database;
  const user = sampleUser();
  await User.create(user);
  expect(isUnavailable(await catchFault(User.create(user)))).toBe(false);
  expect(isUnavailable(await catchFault(sequelize.query('SELECT nonsense')))).toBe(false);
});

test('A server that does not listen, and one that ends the connection, are unavailable', async () => {
  const { cause } = (await catchFault(openDatabase('postgres://a:b@127.0.0.1:1/c'))) as Error;
  expect(isUnavailable(cause)).toBe(true);
  await using place = await createTestDatabase('postgres');
  const end = place.database.sequelize.query('SELECT pg_terminate_backend(pg_backend_pid())');
  expect(isUnavailable(await catchFault(end))).toBe(true);
});

/** Makes PostgreSQL say a code of its own. */
const raise = ({ sequelize }: Database, code: string) =>
  sequelize.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);

test('Of the codes of PostgreSQL, those of its connections, resources and operators are unavailable', async () => {
  await using place = await createTestDatabase('postgres');
  const kinds: Record<string, TroubleKind | null> = {};
  for (const code of codes) {
    const fault = await catchFault(raise(place.database, code));
    kinds[code] = findTroubleKind(fault);
    expect([code, isUnavailable(fault)]).toEqual([code, kinds[code] !== null]);
  }
  const listed = (kind: TroubleKind | null) => codes.filter((code) => kinds[code] === kind);
  expect(listed('away').join(' ')).toBe(
    '08000 08001 08003 08004 08006 08007 08P01 25P03 25P04 28000 28P01 40003 57000 57P01 57P02 57P03 57P04 57P05',
  );
  expect(listed('no-room').join(' ')).toBe('53000 53200 53300 53400');
  expect(listed('busy').join(' ')).toBe('40001 40P01 55P03 57014');
  expect(listed('failing-disk').join(' ')).toBe('58000 58030 58P01');
  expect(listed(null).join(' ')).toBe('22023 23514 25P02 42601 54000 55000 P0001 XX000');
});

test('A transaction that PostgreSQL ends because it takes too long is unavailable', async () => {
  await using place = await createTestDatabase('postgres');
  const { sequelize, User } = place.database;
  const fault = await catchFault(
    sequelize.transaction(async (transaction) => {
      await sequelize.query("SET LOCAL transaction_timeout = '50ms'", { transaction });
      await sequelize.query('SELECT pg_sleep(60)', { transaction });
    }),
  );
  expect(findTroubleKind(fault)).toBe('away');
  expect(isUnavailable(fault)).toBe(true);
  expect(await User.count()).toBe(0);
});

test('A transaction whose connection is gone is unavailable, whatever it asks', async () => {
  await using place = await createTestDatabase('postgres');
  const { sequelize, User } = place.database;
  const work = sequelize.transaction(async (transaction) => {
    const type = QueryTypes.SELECT;
    const sql = 'SELECT pg_backend_pid() AS pid';
    const [own] = await sequelize.query<{ pid: number }>(sql, { transaction, type });
    await sequelize.query(`SELECT pg_terminate_backend(${own?.pid})`);
    for (let asked = 0; asked < 3; asked += 1) {
      expect(isUnavailable(await catchFault(User.count({ transaction })))).toBe(true);
    }
  });
  expect(isUnavailable(await catchFault(work))).toBe(true);
  expect(await User.count()).toBe(0);
});

/** Stands between clients and the server of an address, and breaks every connection when it is told to. */
async function openBetween(url: string) {
  const { hostname, port } = new URL(url);
  const clients: Socket[] = [];
  const between = createServer((client) => {
    clients.push(client);
    const server = connect(Number(port), hostname);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const own = new URL(url);
  own.host = `127.0.0.1:${(between.address() as AddressInfo).port}`; // It listens at a port.
  return {
    url: own.href,
    breakConnections: () => clients.forEach((client) => client.resetAndDestroy()),
    [Symbol.dispose]: () => between.close(),
  };
}

test('A connection that breaks while an answer is waited for is unavailable', async () => {
  await using place = await createTestDatabase('postgres');
  using between = await openBetween(place.url);
  const database = await openDatabase(between.url);
  const { sequelize } = place.database;
  await sequelize.transaction(async (transaction) => {
    await sequelize.query('LOCK TABLE users', { transaction });
    const fault = catchFault(database.User.count());
    const waiting =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    for (let rows: unknown[] = []; rows.length === 0; [rows] = await sequelize.query(waiting));
    between.breakConnections();
    expect(isUnavailable(await fault)).toBe(true);
  });
  await database.close();
});

/** What PostgreSQL says at the end of a beginning: it is ready for a query. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

/** Stands in between, and has PostgreSQL end each connection in the same breath as it begins. */
async function openEnding(place: TestDatabase) {
  const { hostname, port } = new URL(place.url);
  const between = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.pipe(server);
    let held: Buffer | null = null;
    server.on('data', (chunk: Buffer) => {
      if (held) client.end(Buffer.concat([held, chunk]));
      else if (chunk.subarray(-READY.length).equals(READY)) {
        held = chunk;
        const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = ${server.localPort}`;
        void place.database.sequelize.query(sql);
      } else client.write(chunk);
    });
    for (const socket of [client, server]) socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  const own = new URL(place.url);
  own.host = `127.0.0.1:${(between.address() as AddressInfo).port}`; // It listens at a port.
  return { url: own.href, [Symbol.dispose]: () => between.close() };
}

test('A connection that ends in the moment it begins is unavailable, and ends no process', async () => {
  await using place = await createTestDatabase('postgres');
  using ending = await openEnding(place);
  const { cause } = (await catchFault(openDatabase(ending.url))) as Error;
  expect(isUnavailable(cause)).toBe(true);
});
