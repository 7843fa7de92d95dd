import { describe, expect, test } from 'vitest';
import { createTestDatabase, dialects } from '../testing/index.ts';
import {
  sampleSecurityEvent,
  sampleSecurityEventSource,
  sampleSecurityLogEnd,
  sampleUser,
} from '../testing/sample-rows.ts';

const LARGE = 2 ** 40;

describe.each(dialects)('SecurityEvent on %s', (dialect) => {
  test('comes back with its values and its source, however many there were', async () => {
    await using place = await createTestDatabase(dialect);
    const { SecurityEvent, SecurityEventSource, SecurityLogEnd } = place.database;
    const made = sampleSecurityEvent({ id: LARGE, outcome: 'wrong-password', times: 7 });
    const source = sampleSecurityEventSource(LARGE);
    await SecurityEvent.create(made);
    await SecurityEventSource.create(source);
    const found = await SecurityEvent.findOne({ include: 'source' });
    expect(found?.get({ plain: true })).toEqual({ ...made, source: { userId: null, ...source } });
    const end = { ...sampleSecurityLogEnd(), lastId: LARGE };
    await SecurityLogEnd.create(end);
    expect((await SecurityLogEnd.findOne())?.get({ plain: true })).toEqual(end);
  });

  test('loses its source with its user, and stays', async () => {
    await using place = await createTestDatabase(dialect);
    const { User, SecurityEvent, SecurityEventSource } = place.database;
    const [leaving, staying] = [await User.create(sampleUser()), await User.create(sampleUser())];
    await SecurityEvent.bulkCreate([1, 2].map((id) => sampleSecurityEvent({ id })));
    await SecurityEventSource.bulkCreate([
      sampleSecurityEventSource(1, { userId: leaving.id }),
      sampleSecurityEventSource(2, { userId: staying.id }),
    ]);
    await leaving.destroy();
    expect(await SecurityEvent.count()).toBe(2);
    expect(await SecurityEventSource.findAll()).toMatchObject([{ userId: staying.id }]);
    await SecurityEvent.destroy({ where: { id: 2 } });
    expect(await SecurityEventSource.count()).toBe(0);
  });
});
