import { Op } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import { sampleSession, sampleUser } from '../testing/sample-rows.ts';

describe.each(dialects)('Session on %s', (dialect) => {
  test('comes back with its values and its user', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const user = await User.create(sampleUser({ roles: ['member'] }));
    const made = sampleSession(user.id, { staySignedIn: true, address: '::1', userAgent: 'x' });
    await Session.create(made);
    const { tokenHash } = made;
    const found = await Session.findOne({ where: { tokenHash }, include: 'user' });
    expect(found).toMatchObject(made);
    expect(found?.user).toMatchObject({ id: user.id, roles: ['member'] });
    expect(found?.user?.createdAt).toEqual(user.createdAt);
  });

  test('shows neither hash in JSON, with the user included', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const user = await User.create(sampleUser());
    const { id, tokenHash } = await Session.create(sampleSession(user.id));
    const json = JSON.stringify(await Session.findByPk(id, { include: 'user' }));
    expect(JSON.parse(json)).toMatchObject({ id, user: { email: user.email } });
    expect(json).not.toContain(tokenHash);
    expect(json).not.toContain(user.passwordHash);
  });

  test('goes with its user, and only with that one', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await Session.bulkCreate([sampleSession(leaving.id), sampleSession(staying.id)]);
    await leaving.destroy();
    expect(await Session.findAll()).toMatchObject([{ userId: staying.id }]);
  });

  test('is found by the moment it ends, to the millisecond', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, Session } = place.database;
    const user = await User.create(sampleUser());
    const moment = new Date('2026-11-21T09:00:00.001Z');
    await Session.create(sampleSession(user.id, { expiresAt: moment }));
    const countEndedBy = (time: number) =>
      Session.count({ where: { expiresAt: { [Op.lte]: new Date(time) } } });
    expect(await countEndedBy(moment.getTime())).toBe(1);
    expect(await countEndedBy(moment.getTime() - 1)).toBe(0);
  });
});
