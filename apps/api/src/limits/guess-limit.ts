import { setTimeout as wait } from 'node:timers/promises';
import { randomInt } from 'node:crypto';
import type { Database } from '@latchkey/db';
import type { Limiter } from './limiter.ts';
import type { OpenAttempts } from './open-attempts.ts';

/** An attempt that is under way. */
export type Guess = {
  key: string;
  place: string;
  /** Points that its failure takes. */
  price: number;
};
export type GuessAllowance =
  { isAllowed: true; guess: Guess } | { isAllowed: false; retryAfterSeconds: number };

type State = {
  failed: number;
  retryAfterSeconds: number;
  price: number;
  open: Set<string>;
};

/**
 * How many attempts may fail. Failures and attempts that may still fail are together never more than
 * the limit, over all processes. Who would be refused only because of attempts without an outcome
 * waits for it; who comes after enough failures is refused.
 *
 * @param failures counts what has failed
 * @param waits has a row for a key that has begun to wait: then one failure takes all points
 */
export function createGuessLimit(
  { RateLimit }: Database,
  openAttempts: OpenAttempts,
  { failures, waits }: { failures: Limiter; waits?: Limiter },
) {
  const { points } = failures;
  const turns = new Map<string, Promise<unknown>>();

  const listPlaces = (key: string) =>
    Array.from({ length: points }, (_, index) => `${failures.getKey(key)}:open:${index}`);

  async function readState(key: string): Promise<State> {
    const [failuresKey, waitsKey] = [failures.getKey(key), waits?.getKey(key)];
    const keys = [failuresKey, ...(waitsKey ? [waitsKey] : []), ...listPlaces(key)];
    // One statement: a failure is counted before its place is left, so it is seen here or there.
    const rows = await RateLimit.findAll({ where: { key: keys } });
    const now = Date.now();
    const live = new Map(
      rows.filter(({ expire }) => expire === null || expire > now).map((row) => [row.key, row]),
    );
    const failed = live.get(failuresKey);
    return {
      failed: failed?.points ?? 0,
      retryAfterSeconds: Math.ceil(((failed?.expire ?? now) - now) / 1000),
      price: waitsKey && live.has(waitsKey) ? points : 1,
      open: new Set(listPlaces(key).filter((place) => live.has(place))),
    };
  }

  const fits = ({ failed, price, open }: State, added: number) =>
    failed + price * (open.size + added) <= points;

  /** Null where it cannot be told yet. */
  async function tryToBegin(key: string): Promise<GuessAllowance | null> {
    const state = await readState(key);
    const { failed, price, retryAfterSeconds, open } = state;
    if (failed + price > points) return { isAllowed: false, retryAfterSeconds };
    const place = fits(state, 1) && listPlaces(key).find((one) => !open.has(one));
    if (!place || !(await openAttempts.take(place))) return null;
    // Others may have taken places since: of all who look after taking, the last one sees them all.
    if (fits(await readState(key), 0)) return { isAllowed: true, guess: { key, place, price } };
    await openAttempts.leave([place]);
    return null;
  }

  async function beginWhenDecided(key: string): Promise<GuessAllowance> {
    for (;;) {
      const allowance = await tryToBegin(key);
      if (allowance) return allowance;
      // Processes that ask at the same moment must not do so again.
      await wait(randomInt(20, 80));
    }
  }

  return {
    /** First come, first served within this process. When it is allowed, its place has to be left. */
    async begin(key: string): Promise<GuessAllowance> {
      const turn = (turns.get(key) ?? Promise.resolve()).then(() => beginWhenDecided(key));
      const settled = turn.catch(() => undefined);
      turns.set(key, settled);
      try {
        return await turn;
      } finally {
        if (turns.get(key) === settled) turns.delete(key);
      }
    },

    /** Counts a failure. True where it took the last point. */
    async fail({ key, price }: Guess): Promise<boolean> {
      const { consumedPoints } = await failures.penalty(key, price);
      return consumedPoints >= points && consumedPoints - price < points;
    },
  };
}
