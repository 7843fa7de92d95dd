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
