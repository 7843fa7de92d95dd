import { deleteInSlices, throughWriter, type Database, type SliceOptions } from '@latchkey/db';
import { Op, QueryTypes } from 'sequelize';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';

type Statement = { text: string; values: unknown[] };

/** What a limiter answers: go on, or wait. */
export type Allowance = { isAllowed: true } | { isAllowed: false; retryAfterSeconds: number };

/**
 * A counter in the project's own database, exact under concurrent requests: a limit holds over
 * restarts and over processes. The library's class for PostgreSQL speaks SQL that SQLite
 * understands too, so one class, through Sequelize, serves both. The one for SQLite would keep a
 * connection of its own, and a savepoint for each point would enclose the work of others there.
 *
 * @param keyPrefix keeps the counters of one limit apart from those of another
 * @param isKnownHere who is refused is remembered by this process, and costs the database nothing until
 *   the time is over; for counters that nothing gives points back to
 */
export function createLimiter(
  { sequelize }: Database,
  {
    keyPrefix,
    points,
    durationSeconds,
    isKnownHere = false,
  }: { keyPrefix: string; points: number; durationSeconds: number; isKnownHere?: boolean },
) {
  const storeClient = {
    query: async ({ text, values }: Statement) => {
      // Sequelize asks SQLite for no rows where a statement begins with INSERT, RETURNING or not.
      const statement = `/* returns rows */ ${text}`;
      const reads = /^\s*SELECT\b/i.test(text);
      const rows = await sequelize.query(statement, {
        bind: values,
        type: QueryTypes.SELECT,
        ...(!reads && throughWriter),
      });
      return { rows, rowCount: rows.length };
    },
  };
  return new RateLimiterPostgres({
    storeClient,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: durationSeconds,
    ...(isKnownHere && { inMemoryBlockOnConsumed: points + 1 }),
  });
}

export type Limiter = ReturnType<typeof createLimiter>;

/** Takes points from a counter: an expected "no" is a value here, and a fault of the database an exception. */
export async function takePoints(limiter: Limiter, key: string, points = 1): Promise<Allowance> {
  try {
    await limiter.consume(key, points);
    return { isAllowed: true };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { isAllowed: false, retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000) };
  }
}

/** Deletes the counters that are over, and returns how many there were. */
export function purgeExpiredLimits(
  { RateLimit }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(RateLimit, { expire: { [Op.lte]: Date.now() } }, slices);
}
