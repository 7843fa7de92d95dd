import { openDatabase, type Database, type Dialect } from '@latchkey/db';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLimiter } from './limiter.ts';
import { createGuessLimit, type Guess, type GuessAllowance } from './guess-limit.ts';
import { createOpenAttempts } from './open-attempts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const key = 'somebody';

/** A limit of two failures as one process has it. */
function openLimit(database: Database, withWaits = false) {
  const openAttempts = createOpenAttempts(database);
  const failures = createLimiter(database, { keyPrefix: 'f', points: 2, durationSeconds: 60 });
  const waits = createLimiter(database, { keyPrefix: 'w', points: 9, durationSeconds: 60 });
  const limit = createGuessLimit(database, openAttempts, {
    failures,
    ...(withWaits && { waits }),
  });
  return {
    waits,
    afterRenewal: () =>
      new Promise<void>((resolve) => {
        database.RateLimit.addHook('afterBulkUpdate', () => resolve());
      }),
    begin: () => limit.begin(key),
    fail: (guess: Guess) => limit.fail(guess),
    leave: (guess: Guess) => openAttempts.leave([guess.place]),
  };
}

function demandGuess(allowance: GuessAllowance): Guess {
  if (!allowance.isAllowed) throw new Error('The attempt was refused.');
  return allowance.guess;
}

/** Calls back after a process has looked at its limit so many times more. */
function afterLooks(database: Database, count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    database.RateLimit.addHook('afterFind', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
}

/** Does the work the first time alone. */
function once(work: () => Promise<void>): () => Promise<void> {
  let first: Promise<void> | undefined;
  return async () => {
    if (first) return;
    first = work();
    await first;
  };
}

describe.each(dialects)('attempts of two processes on %s', (dialect: Dialect) => {
  async function openTwo(withWaits = false) {
    await using undo = new AsyncDisposableStack();
    const place = undo.use(await createTestDatabase(dialect));
    const otherDatabase = await openDatabase(place.url);
    undo.defer(() => otherDatabase.close());
    const one = openLimit(place.database, withWaits);
    const other = openLimit(otherDatabase, withWaits);
    const undoLater = undo.move();
    const { database } = place;
    return {
      one,
      other,
      database,
      otherDatabase,
      [Symbol.asyncDispose]: () => undoLater.disposeAsync(),
    };
  }

  test('wait for those that may still succeed, and the first comes first', async () => {
    await using two = await openTwo();
    const { one, other, otherDatabase } = two;
    const first = demandGuess(await one.begin());
    const second = demandGuess(await one.begin());
    const order: string[] = [];
    const looked = afterLooks(otherDatabase, 3);
    const third = other.begin().then((allowance) => (order.push('third'), allowance));
    const fourth = other.begin().then((allowance) => (order.push('fourth'), allowance));
    await looked;
    expect(order).toEqual([]);
    await one.leave(first);
    expect((await third).isAllowed).toBe(true);
    expect(order).toEqual(['third']);
    await one.leave(second);
    expect((await fourth).isAllowed).toBe(true);
  });

  test('are refused once enough have failed', async () => {
    await using two = await openTwo();
    const { one, other, otherDatabase } = two;
    const guesses = [demandGuess(await one.begin()), demandGuess(await one.begin())];
    const looked = afterLooks(otherDatabase, 3);
    const third = other.begin();
    await looked;
    const tookLast: boolean[] = [];
    for (const guess of guesses) {
      tookLast.push(await one.fail(guess));
      await one.leave(guess);
    }
    expect(tookLast).toEqual([false, true]);
    expect(await third).toEqual({ isAllowed: false, retryAfterSeconds: 60 });
  });

  test('and failures are together never more than the limit', async () => {
    await using two = await openTwo();
    const { one, other } = two;
    const guess = demandGuess(await one.begin());
    await one.fail(guess);
    await one.leave(guess);
    let underWay = 0;
    let most = 0;
    const attempt = async (limit: typeof one) => {
      const allowed = demandGuess(await limit.begin());
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      await limit.leave(allowed);
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => attempt(index % 2 ? one : other)));
    expect(most).toBe(1);
  });

  test('that take a place on what they saw before leave it again', async () => {
    await using two = await openTwo();
    const { one, other, database } = two;
    const failing = demandGuess(await other.begin());
    const next = Promise.withResolvers<Guess>();
    const meanwhile = once(async () => {
      await other.fail(failing);
      await other.leave(failing);
      next.resolve(demandGuess(await other.begin()));
    });
    database.RateLimit.addHook('afterFind', meanwhile);
    const looked = afterLooks(database, 4);
    const waiting = one.begin().then(() => 'allowed');
    await looked;
    expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
    await other.leave(await next.promise);
    expect(await waiting).toBe('allowed');
  });

  test('are one at a time once the key has waited, and its failure takes all points', async () => {
    await using two = await openTwo(true);
    const { one, other, otherDatabase } = two;
    await one.waits.penalty(key, 1);
    const guess = demandGuess(await one.begin());
    const looked = afterLooks(otherDatabase, 3);
    const next = other.begin();
    await looked;
    expect(await one.fail(guess)).toBe(true);
    await one.leave(guess);
    expect((await next).isAllowed).toBe(false);
  });

  test('of a process that was killed keep nobody waiting for more than 15 seconds', async () => {
    await using two = await openTwo();
    const { one, other, otherDatabase } = two;
    await one.begin();
    await one.begin();
    vi.clearAllTimers();
    vi.setSystemTime(Date.now() + 14_999);
    const looked = afterLooks(otherDatabase, 3);
    const waiting = other.begin().then(() => 'allowed');
    await looked;
    expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
    vi.setSystemTime(Date.now() + 1);
    expect(await waiting).toBe('allowed');
  });

  test('that take long keep their place', async () => {
    await using two = await openTwo();
    const { one, other, otherDatabase } = two;
    const guess = demandGuess(await one.begin());
    await one.begin();
    for (let passed = 0; passed < 30; passed += 5) {
      const renewed = one.afterRenewal();
      vi.advanceTimersByTime(5000);
      await renewed;
    }
    const looked = afterLooks(otherDatabase, 3);
    const waiting = other.begin().then(() => 'allowed');
    await looked;
    expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
    await one.leave(guess);
    expect(await waiting).toBe('allowed');
  });
});
