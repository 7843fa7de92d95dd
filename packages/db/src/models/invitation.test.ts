import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleInvitation, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('Invitation on %s', (dialect) => {
  test('comes back with its values, and shows no hash in JSON', async () => {
    await using place = await createTestDatabase(dialect);
    const { Invitation } = place.database;
    const made = sampleInvitation({ email: 'ada@example.com', role: 'member' });
    const { id } = await Invitation.create(made);
    const found = await Invitation.findByPk(id);
    expect(found).toMatchObject({ ...made, revokedAt: null, userId: null });
    expect(JSON.stringify(found)).not.toContain(made.codeHash);
  });

  test('goes with the user whose account was made with it, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Invitation } = place.database;
    const leaving = await User.create(sampleUser());
    await Invitation.bulkCreate([
      sampleInvitation({ userId: leaving.id }),
      sampleInvitation({ role: 'member' }),
    ]);
    await leaving.destroy();
    expect(await Invitation.findAll()).toMatchObject([{ role: 'member' }]);
  });
});
