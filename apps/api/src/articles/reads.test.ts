import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { claimReads, countRead, findStanding, purgeOldReads } from './reads.ts';

const DAY_MS = 86_400_000;
const slugs = (count: number, prefix = 'article') =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const makeVisitor = () => ({ visitorHash: randomBytes(32).toString('hex') });

async function makeUser({ User }: Database) {
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const user = await User.create({ name: 'Ada', email, passwordHash: '$scrypt$x' });
  return { userId: user.id };
}

/** Makes the reads of these slugs so many days older. */
async function age({ ArticleRead }: Database, days: number, slug: string | string[]) {
  for (const read of await ArticleRead.findAll({ where: { slug } })) {
    await read.update({ readAt: new Date(read.readAt.getTime() - days * DAY_MS) });
  }
}

describe.each(dialects)('the meter on %s', (dialect) => {
  test('counts exactly when twenty articles are asked for at once, by two processes', async () => {
    await using place = await createTestDatabase(dialect);
    const other = await openDatabase(place.url);
    const readers = [makeVisitor(), await makeUser(place.database)];
    for (const reader of readers) {
      const outcomes = await Promise.all(
        slugs(20).map(async (slug, index) =>
          countRead(index % 2 ? other : place.database, reader, slug, 5),
        ),
      );
      const counted = outcomes.filter(({ outcome }) => outcome === 'counted');
      expect([counted.length, outcomes.length]).toEqual([5, 20]);
      expect(await place.database.ArticleRead.count({ where: reader })).toBe(5);
    }
    await other.close();
  });

  test('counts one article once, however many ask for it at once', async () => {
    await using place = await createTestDatabase(dialect);
    const reader = makeVisitor();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => countRead(place.database, reader, 'one', 5)),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      ...Array<string>(9).fill('again'),
      'counted',
    ]);
    expect(await place.database.ArticleRead.count()).toBe(1);
  });

  test('lets an article be read again, and others when its days are over', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const reader = makeVisitor();
    for (const slug of ['a', 'b']) await countRead(database, reader, slug, 2);
    await age(database, 29, 'a');
    expect(await countRead(database, reader, 'a', 2)).toMatchObject({ outcome: 'again' });
    const spent = await countRead(database, reader, 'c', 2);
    expect(spent.outcome).toBe('spent');
    const inDays = ((spent.standing.nextFreeAt?.getTime() ?? 0) - Date.now()) / DAY_MS;
    expect(inDays).toBeGreaterThan(0.99);
    expect(inDays).toBeLessThanOrEqual(1);
    await age(database, 1, 'a');
    expect(await countRead(database, reader, 'c', 2)).toMatchObject({ outcome: 'counted' });
    expect(await countRead(database, reader, 'a', 2)).toMatchObject({ outcome: 'spent' });
    expect(await countRead(database, reader, 'b', 2)).toMatchObject({ outcome: 'again' });
  });

  test('counts an article anew when it is read again after its days', async () => {
    await using place = await createTestDatabase(dialect);
    const reader = makeVisitor();
    await countRead(place.database, reader, 'a', 1);
    await age(place.database, 30, 'a');
    expect(await countRead(place.database, reader, 'a', 1)).toMatchObject({ outcome: 'counted' });
    expect(await place.database.ArticleRead.count()).toBe(1);
  });

  test('keeps readers apart', async () => {
    await using place = await createTestDatabase(dialect);
    await countRead(place.database, makeVisitor(), 'a', 1);
    const other = await countRead(place.database, makeVisitor(), 'b', 1);
    expect(other.outcome).toBe('counted');
    expect((await findStanding(place.database, null, 1)).slugs).toEqual([]);
  });

  test('with nothing free gives nothing, and no date', async () => {
    await using place = await createTestDatabase(dialect);
    const read = await countRead(place.database, makeVisitor(), 'a', 0);
    expect(read).toEqual({
      outcome: 'spent',
      standing: { slugs: [], allowed: 0, nextFreeAt: null },
    });
  });

  test('makes one count of two: no article is doubled, none is lost', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const [visitor, user] = [makeVisitor(), await makeUser(database)];
    for (const slug of ['a', 'b', 'both']) await countRead(database, visitor, slug, 5);
    for (const slug of ['both', 'c', 'd']) await countRead(database, user, slug, 5);
    await age(database, 10, 'a');
    await Promise.all(
      Array.from({ length: 3 }, () => claimReads(database, visitor.visitorHash, user.userId)),
    );
    const { slugs: read, nextFreeAt } = await findStanding(database, user, 5);
    expect(read.sort()).toEqual(['a', 'b', 'both', 'c', 'd']);
    expect(await database.ArticleRead.count()).toBe(5);
    expect(((nextFreeAt?.getTime() ?? 0) - Date.now()) / DAY_MS).toBeCloseTo(20, 1);
    expect(await countRead(database, user, 'e', 5)).toMatchObject({ outcome: 'spent' });
  });

  test('says when the next read is free for those who come to more than are allowed', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const [visitor, user] = [makeVisitor(), await makeUser(database)];
    for (const slug of ['a', 'b']) await countRead(database, visitor, slug, 2);
    for (const slug of ['c', 'd']) await countRead(database, user, slug, 2);
    await age(database, 20, ['a', 'b']);
    await age(database, 10, 'c');
    await claimReads(database, visitor.visitorHash, user.userId);
    const { nextFreeAt } = await findStanding(database, user, 2);
    expect(((nextFreeAt?.getTime() ?? 0) - Date.now()) / DAY_MS).toBeCloseTo(20, 1);
  });

  test('goes on counting for the browser, and charges nobody else who logs in there', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const visitor = makeVisitor();
    const [first, second] = [await makeUser(database), await makeUser(database)];
    for (const slug of ['a', 'b']) await countRead(database, visitor, slug, 2);
    await claimReads(database, visitor.visitorHash, first.userId);
    await claimReads(database, visitor.visitorHash, second.userId);
    expect((await findStanding(database, second, 2)).slugs).toEqual([]);
    expect(await countRead(database, visitor, 'c', 2)).toMatchObject({ outcome: 'spent' });
  });

  test('does not claim what no longer counts', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const [visitor, user] = [makeVisitor(), await makeUser(database)];
    for (const slug of ['old', 'new']) await countRead(database, visitor, slug, 5);
    await age(database, 30, 'old');
    await claimReads(database, visitor.visitorHash, user.userId);
    expect((await findStanding(database, user, 5)).slugs).toEqual(['new']);
  });

  test('is purged of reads that no longer count, and of no others', async () => {
    await using place = await createTestDatabase(dialect);
    const { database } = place;
    const reader = makeVisitor();
    for (const slug of ['old', 'new']) await countRead(database, reader, slug, 5);
    await age(database, 31, 'old');
    await age(database, 29, 'new');
    expect(await purgeOldReads(database)).toBe(1);
    expect((await findStanding(database, reader, 5)).slugs).toEqual(['new']);
  });
});
