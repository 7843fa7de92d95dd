import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleMail, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('Mail on %s', (dialect) => {
  test('comes back with its values', async () => {
    await using place = await createTestDatabase(dialect);
    const { Mail } = place.database;
    const made = sampleMail({ details: { name: 'Ada', quote: '"\\' } });
    const { id } = await Mail.create(made);
    expect(await Mail.findByPk(id)).toMatchObject({ ...made, attempts: 0, sentAt: null });
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Mail } = place.database;
    const leaving = await User.create(sampleUser());
    await Mail.bulkCreate([sampleMail({ userId: leaving.id }), sampleMail()]);
    await leaving.destroy();
    expect(await Mail.findAll()).toMatchObject([{ userId: null }]);
  });
});
