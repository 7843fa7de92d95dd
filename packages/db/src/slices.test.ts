import { Op } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { deleteInSlices } from './slices.ts';
import { createTestDatabase, dialects } from './testing/index.ts';
import { sampleSession, sampleUser } from './testing/sample-rows.ts';

async function createSessions(dialect: (typeof dialects)[number]) {
  const place = await createTestDatabase(dialect);
  const { User, Session } = place.database;
  const { id } = await User.create(sampleUser());
  const over = { idleExpiresAt: new Date(0), expiresAt: new Date(0) };
  await Session.bulkCreate([
    ...Array.from({ length: 25 }, () => sampleSession(id, over)),
    ...Array.from({ length: 5 }, () => sampleSession(id)),
  ]);
  return { Session, [Symbol.asyncDispose]: () => place[Symbol.asyncDispose]() };
}

const isOver = () => ({ idleExpiresAt: { [Op.lte]: new Date() } });

describe.each(dialects)('Rows on %s', (dialect) => {
  test.each([1, 10, 25, 500])('that match are all deleted, %i at a time', async (sliceRows) => {
    await using place = await createSessions(dialect);
    expect(await deleteInSlices(place.Session, isOver(), { sliceRows })).toBe(25);
    expect(await place.Session.count()).toBe(5);
  });

  test('are deleted no further once it is to end', async () => {
    await using place = await createSessions(dialect);
    const ending = new AbortController();
    place.Session.addHook('afterBulkDestroy', () => ending.abort());
    const options = { signal: ending.signal, sliceRows: 10 };
    expect(await deleteInSlices(place.Session, isOver(), options)).toBe(10);
    expect(await place.Session.count()).toBe(20);
  });
});
