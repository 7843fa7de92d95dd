import type { Database } from '@latchkey/db';
import type { Log } from '../process/log.ts';
import type { Metrics } from '../process/metrics.ts';
import {
  addToDay,
  figureNames,
  makeCounts,
  readCounters,
  type DailyCounts,
} from './daily-counts.ts';
import { nameDay } from './days.ts';

const DAY_MS = 86_400_000;
const INTERVAL_MS = 10_000;
/** So long before midnight the day's last counts are taken. */
const BEFORE_MIDNIGHT_MS = 50;

export type Figures = {
  /** Writes at once what was counted here. A fault is logged, and what was not written waits. */
  flush: () => Promise<void>;
  /** The same for the last time. */
  close: () => Promise<void>;
};

type Parts = { database: Database; log: Log; metrics: Pick<Metrics, 'events' | 'reads'> };

/** Until the next counts are taken: never over midnight, so that they are the day's. */
function measureDelay(now: number): number {
  const left = DAY_MS - (now % DAY_MS) - BEFORE_MIDNIGHT_MS;
  return left > 0 ? Math.min(INTERVAL_MS, left) : INTERVAL_MS;
}

/**
 * Keeps the figures of each day in the database. Nothing is counted anew: every some seconds it takes how
 * far the counters of the metrics have grown, and adds that to the day.
 *
 * @see docs/decisions/0081-health-and-figures-in-the-browser.md
 */
export function openFigures({ database, log, metrics }: Parts): Figures {
  /** Day → what is not written yet. Today's row is written even if empty: it says that counting began. */
  const waiting = new Map([[nameDay(Date.now()), makeCounts(() => 0)]]);
  let seen = makeCounts(() => 0);
  let hasFailed = false;
  let writing: Promise<void> | undefined;

  async function gather(): Promise<void> {
    const counted = await readCounters(metrics);
    const before = seen;
    seen = counted;
    if (figureNames.every((name) => counted[name] === before[name])) return;
    const day = nameDay(Date.now());
    const left: DailyCounts | undefined = waiting.get(day);
    waiting.set(
      day,
      makeCounts((name) => (left?.[name] ?? 0) + counted[name] - before[name]),
    );
  }

  async function write(): Promise<void> {
    await gather();
    try {
      for (const [day, counts] of waiting) {
        await addToDay(database, day, counts);
        waiting.delete(day);
      }
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.error(
          { err: error },
          'The figures of the day could not be written. They are tried again until the end.',
        );
      hasFailed = true;
    }
  }

  function start(): Promise<void> {
    writing ??= write().finally(() => (writing = undefined));
    return writing;
  }

  async function flush(): Promise<void> {
    // It may have taken its counts already.
    await writing;
    await start();
  }

  let timer: NodeJS.Timeout;
  const schedule = () => {
    timer = setTimeout(() => {
      void start();
      schedule();
    }, measureDelay(Date.now())).unref();
  };
  schedule();
  return {
    flush,
    async close() {
      clearTimeout(timer);
      await flush();
    },
  };
}
