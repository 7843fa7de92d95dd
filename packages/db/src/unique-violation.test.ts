import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from './testing/index.ts';
import { sampleSession, sampleUser } from './testing/sample-rows.ts';
import { isUniqueViolation } from './unique-violation.ts';

const names = ['uq_users_email', 'uq_users_username', 'uq_sessions_token_hash'] as const;

async function namesViolatedBy(write: Promise<unknown>) {
  const error: unknown = await write.then(
    () => expect.fail('the write should have failed'),
    (fault: unknown) => fault,
  );
  return names.filter((name) => isUniqueViolation(error, name));
}

describe.each(dialects)('isUniqueViolation on %s', (dialect) => {
  test('knows an email taken in another case', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    await User.create(sampleUser({ email: 'ada@example.com' }));
    const again = User.create(sampleUser({ email: 'ADA@Example.com' }));
    expect(await namesViolatedBy(again)).toEqual(['uq_users_email']);
  });

  test('knows it in an update, inside a transaction', async () => {
    await using place = await createTestDatabase(dialect);
    const { sequelize, User } = place.database;
    await User.create(sampleUser({ email: 'ada@example.com' }));
    const other = await User.create(sampleUser());
    const update = sequelize.transaction((transaction) =>
      other.update({ email: 'Ada@example.com' }, { transaction }),
    );
    expect(await namesViolatedBy(update)).toEqual(['uq_users_email']);
  });

  test('knows a username taken in another case', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    await User.create(sampleUser({ username: 'ada' }));
    const again = User.create(sampleUser({ username: 'Ada' }));
    expect(await namesViolatedBy(again)).toEqual(['uq_users_username']);
  });

  test('knows a token used twice', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const user = await User.create(sampleUser());
    const { tokenHash } = await Session.create(sampleSession(user.id));
    const again = Session.create(sampleSession(user.id, { tokenHash }));
    expect(await namesViolatedBy(again)).toEqual(['uq_sessions_token_hash']);
  });

  test('is false for a failed CHECK, a missing user and any other error', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    expect(await namesViolatedBy(User.create(sampleUser({ email: 'none' })))).toEqual([]);
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await namesViolatedBy(Session.create(sampleSession(nobody)))).toEqual([]);
    expect(await namesViolatedBy(Promise.reject(new Error('uq_users_email')))).toEqual([]);
  });
});
