/**
 * The meter: which articles somebody read for free. One row is one article of one reader, and it
 * counts for 30 days from its first reading.
 */
import { createHash } from 'node:crypto';
import { READS_WINDOW_DAYS } from '@latchkey/shared';
import { deleteInSlices, type ArticleRead, type Database, type SliceOptions } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';

const DAY_MS = 86_400_000;
const WINDOW_MS = READS_WINDOW_DAYS * DAY_MS;

/** Who reads: a person, or a browser by the hash of its cookie. */
export type Reader = { userId: string } | { visitorHash: string };

/** How a reader stands with the meter. */
export type Standing = {
  /** The slugs that count at this moment. */
  slugs: string[];
  allowed: number;
  /** When the next article may be read, or null while one may be, and where none ever may. */
  nextFreeAt: Date | null;
};

/** `counted` took one of the free reads; `again` had been counted before. */
export type ReadOutcome = { outcome: 'counted' | 'again' | 'spent'; standing: Standing };

const windowStart = () => new Date(Date.now() - WINDOW_MS);
const isOld = () => ({ readAt: { [Op.lte]: windowStart() } });

function describeStanding(rows: ArticleRead[], allowed: number): Standing {
  const ends = rows.map(({ readAt }) => readAt.getTime() + WINDOW_MS).sort((a, b) => a - b);
  // More than are allowed is possible: two counts became one, or the setting was lowered.
  const nextEnd = allowed > 0 ? ends[ends.length - allowed] : undefined;
  const nextFreeAt = nextEnd === undefined ? null : new Date(nextEnd);
  return { slugs: rows.map(({ slug }) => slug), allowed, nextFreeAt };
}

/** How a reader stands; null is a browser without a cookie. Nothing is counted. */
export async function findStanding(
  { ArticleRead }: Database,
  reader: Reader | null,
  allowed: number,
  transaction?: Transaction,
): Promise<Standing> {
  if (!reader) return describeStanding([], allowed);
  const rows = await ArticleRead.findAll({
    where: { ...reader, readAt: { [Op.gt]: windowStart() } },
    transaction: transaction ?? null,
  });
  return describeStanding(rows, allowed);
}

/** What reading this article would come to. */
export function judgeRead({ slugs, allowed }: Standing, slug: string): ReadOutcome['outcome'] {
  if (slugs.includes(slug)) return 'again';
  return slugs.length < allowed ? 'counted' : 'spent';
}

/**
 * Counts the reading of an article, exactly: however many requests of a reader arrive at once, no more
 * than `allowed` different articles are counted.
 *
 * @param mayCount throws where nothing may be counted at this moment
 */
export async function countRead(
  database: Database,
  reader: Reader,
  slug: string,
  allowed: number,
  mayCount: () => Promise<void> = () => Promise.resolve(),
): Promise<ReadOutcome> {
  const before = await findStanding(database, reader, allowed);
  const expected = judgeRead(before, slug);
  if (expected !== 'counted') return { outcome: expected, standing: before };
  await mayCount();
  return database.sequelize.transaction(async (transaction) => {
    await lockReaders(database, [reader], transaction);
    const current = await findStanding(database, reader, allowed, transaction);
    const outcome = judgeRead(current, slug);
    if (outcome !== 'counted') return { outcome, standing: current };
    await deleteOldReads(database, reader, transaction);
    await database.ArticleRead.create({ ...reader, slug, readAt: new Date() }, { transaction });
    return { outcome, standing: await findStanding(database, reader, allowed, transaction) };
  });
}

/**
 * Makes what was read in a browser the person's. The rows go on counting for the browser too, or
 * logging out would give it a new allowance; they are claimed once, so nobody else who logs in there
 * is charged with them.
 */
export async function claimReads(
  database: Database,
  visitorHash: string,
  userId: string,
): Promise<void> {
  const { ArticleRead, sequelize } = database;
  const unclaimed = { visitorHash, userId: null };
  if ((await ArticleRead.count({ where: unclaimed })) === 0) return;
  await sequelize.transaction(async (transaction) => {
    await lockReaders(database, [{ visitorHash }, { userId }], transaction);
    await deleteOldReads(database, { visitorHash }, transaction);
    await deleteOldReads(database, { userId }, transaction);
    const own = await ArticleRead.findAll({ where: { userId }, transaction });
    const ownBySlug = new Map(own.map((read) => [read.slug, read]));
    for (const read of await ArticleRead.findAll({ where: unclaimed, transaction })) {
      const twin = ownBySlug.get(read.slug);
      if (!twin) {
        await read.update({ userId }, { transaction });
        continue;
      }
      await read.destroy({ transaction });
      const readAt = read.readAt < twin.readAt ? read.readAt : twin.readAt;
      await twin.update({ visitorHash, readAt }, { transaction });
    }
  });
}

/** Deletes the reads that no longer count, and returns how many there were. */
export function purgeOldReads({ ArticleRead }: Database, slices?: SliceOptions): Promise<number> {
  return deleteInSlices(ArticleRead, isOld(), slices);
}

function deleteOldReads(
  { ArticleRead }: Database,
  whose: Reader,
  transaction: Transaction,
): Promise<number> {
  return ArticleRead.destroy({ where: { ...whose, ...isOld() }, transaction });
}

/**
 * Lets the transactions of a reader follow one another. SQLite's are IMMEDIATE and do so anyway.
 * Where both a browser and a person are locked it is in this order, so that none waits for another
 * in a circle.
 */
async function lockReaders(
  { dialect, sequelize }: Database,
  readers: Reader[],
  transaction: Transaction,
): Promise<void> {
  if (dialect === 'sqlite') return;
  for (const reader of readers) {
    const name = `article-reads:${Object.values(reader).join('')}`;
    const key = createHash('sha256').update(name).digest().readBigInt64BE().toString();
    await sequelize.query('SELECT pg_advisory_xact_lock(CAST($1 AS BIGINT))', {
      bind: [key],
      transaction,
    });
  }
}
