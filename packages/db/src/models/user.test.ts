import { col, fn, where } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('User on %s', (dialect) => {
  test('comes back as it was made, with an id, no roles and its times', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    const { id } = await User.create(sampleUser({ name: 'Zoë 🎈', email: 'Ada@Example.com' }));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const found = await User.findByPk(id, { rejectOnEmpty: true });
    expect(found).toMatchObject({ name: 'Zoë 🎈', email: 'Ada@Example.com', username: null });
    expect(found).toMatchObject({ roles: [], disabledAt: null });
    expect(found.createdAt).toBeInstanceOf(Date);
    expect(found.updatedAt).toBeInstanceOf(Date);
  });

  test('keeps roles as a list', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    const user = await User.create(sampleUser({ roles: ['member'] }));
    await user.update({ roles: ['member', 'operator'] });
    expect((await User.findByPk(user.id))?.roles).toEqual(['member', 'operator']);
  });

  test('is found by email without regard to case', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    await User.create(sampleUser({ email: 'Ada@Example.com' }));
    const sameEmail = where(fn('lower', col('email')), fn('lower', 'ADA@example.COM'));
    expect(await User.findOne({ where: sameEmail })).toMatchObject({ email: 'Ada@Example.com' });
  });

  test('may have no username, as may others', async () => {
    await using place = await createTestDatabase(dialect);
    const { User } = place.database;
    await User.bulkCreate([sampleUser(), sampleUser({ username: null })]);
    expect(await User.count({ where: { username: null } })).toBe(2);
  });

  test.each(['made', 'found'] as const)(
    'never shows its password hash in JSON, when it was %s',
    async (origin) => {
      await using place = await createTestDatabase(dialect);
      const { User } = place.database;
      const made = await User.create(sampleUser());
      const found = await User.findByPk(made.id, { rejectOnEmpty: true });
      const json = JSON.stringify({ made, found }[origin]);
      expect(JSON.parse(json)).toMatchObject({ id: made.id, name: made.name });
      expect(json).not.toMatch(/scrypt|passwordHash|password_hash/);
    },
  );
});
