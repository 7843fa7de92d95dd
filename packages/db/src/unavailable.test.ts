import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { createTestDatabase, dialects } from './testing/index.ts';
import { sampleUser } from './testing/sample-rows.ts';
import { isUnavailable } from './unavailable.ts';

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
