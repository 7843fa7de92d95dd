import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleActivity, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('Activity on %s', (dialect) => {
  test('comes back with its values and its time', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Activity } = place.database;
    const user = await User.create(sampleUser());
    const made = sampleActivity(user.id, { userAgent: 'x' });
    const { id } = await Activity.create(made);
    const found = await Activity.findByPk(id, { rejectOnEmpty: true });
    expect(found).toMatchObject(made);
    expect(found.createdAt).toBeInstanceOf(Date);
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Activity } = place.database;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await Activity.bulkCreate([sampleActivity(leaving.id), sampleActivity(staying.id)]);
    await leaving.destroy();
    expect(await Activity.findAll()).toMatchObject([{ userId: staying.id }]);
  });
});
