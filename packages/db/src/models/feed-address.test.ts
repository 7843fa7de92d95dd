import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleFeedAddress, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('FeedAddress on %s', (dialect) => {
  test('comes back with its values and its user', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, FeedAddress } = place.database;
    const user = await User.create(sampleUser({ roles: ['member'] }));
    const made = sampleFeedAddress(user.id, { lastUsedAt: new Date('2026-11-21T12:00:00.001Z') });
    await FeedAddress.create(made);
    const { tokenHash } = made;
    const found = await FeedAddress.findOne({ where: { tokenHash }, include: 'user' });
    expect(found).toMatchObject(made);
    expect(found?.user).toMatchObject({ id: user.id, roles: ['member'] });
  });

  test('shows neither hash in JSON, with the user included', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, FeedAddress } = place.database;
    const user = await User.create(sampleUser());
    const { tokenHash } = await FeedAddress.create(sampleFeedAddress(user.id));
    const json = JSON.stringify(await FeedAddress.findByPk(user.id, { include: 'user' }));
    expect(JSON.parse(json)).toMatchObject({ userId: user.id, user: { email: user.email } });
    expect(json).not.toContain(tokenHash);
    expect(json).not.toContain(user.passwordHash);
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, FeedAddress } = place.database;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await FeedAddress.bulkCreate([sampleFeedAddress(leaving.id), sampleFeedAddress(staying.id)]);
    await leaving.destroy();
    expect(await FeedAddress.findAll()).toMatchObject([{ userId: staying.id }]);
  });
});
