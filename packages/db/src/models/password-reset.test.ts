import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { samplePasswordReset, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('PasswordReset on %s', (dialect) => {
  test('comes back with its values, and shows no hash in JSON', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, PasswordReset } = place.database;
    const { id: userId } = await User.create(sampleUser());
    const made = samplePasswordReset(userId);
    await PasswordReset.create(made);
    const found = await PasswordReset.findOne({ where: { tokenHash: made.tokenHash } });
    expect(found).toMatchObject(made);
    expect(found?.createdAt).toBeInstanceOf(Date);
    expect(JSON.stringify(found)).toContain(userId);
    expect(JSON.stringify(found)).not.toContain(made.tokenHash);
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, PasswordReset } = place.database;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await PasswordReset.bulkCreate([leaving, staying].map(({ id }) => samplePasswordReset(id)));
    await leaving.destroy();
    expect(await PasswordReset.findAll()).toMatchObject([{ userId: staying.id }]);
  });
});
