import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleEmailLink, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('EmailLink on %s', (dialect) => {
  test('comes back with its values, and shows no hash in JSON', async () => {
    await using place = await createTestDatabase(dialect);
    const { EmailLink } = place.database;
    const made = sampleEmailLink({ tokenHash: 'a'.repeat(64), nextPath: '/secrets?a=1#b' });
    const { id } = await EmailLink.create(made);
    const found = await EmailLink.findByPk(id);
    expect(found).toMatchObject({ ...made, userId: null });
    expect(found?.createdAt).toBeInstanceOf(Date);
    const json = JSON.stringify(found);
    expect(json).toContain(made.email);
    for (const hash of [made.tokenHash, made.passwordHash]) expect(json).not.toContain(hash);
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, EmailLink } = place.database;
    const leaving = await User.create(sampleUser());
    const change = { purpose: 'new-email' as const, userId: leaving.id };
    await EmailLink.bulkCreate([sampleEmailLink(change), sampleEmailLink()]);
    await leaving.destroy();
    expect(await EmailLink.findAll()).toMatchObject([{ purpose: 'registration' }]);
  });
});
