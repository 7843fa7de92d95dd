import type { Database } from '@latchkey/db';
import type { Log } from '../process/log.ts';
import type { Metrics } from '../process/metrics.ts';
import { appendEvents, type NewSecurityEvent } from './append-events.ts';
import { createRepeatCounter } from './count-repeats.ts';

export type SecurityLog = {
  /** Has an event written in a moment. */
  add: (event: NewSecurityEvent) => void;
  /** Writes at once what waits. */
  flush: () => Promise<void>;
  /** The same for the last time: what cannot be written now is in the program's log alone. */
  close: () => Promise<void>;
};

type Parts = { database: Database; log: Log; metrics: Pick<Metrics, 'logRows'> };
type Pace = { delayMs: number; retryMs: number; repeatMs: number };

const calm: Pace = { delayMs: 20, retryMs: 5000, repeatMs: 60_000 };
/** So many times as long as a batch took, others have the database. */
const PAUSES = 10;
const LONGEST_PAUSE_MS = 1000;
const BATCH_ROWS = 500;
/** Some megabytes, for a database that is away. */
const MOST_WAITING = 10_000;

/**
 * The security log in the database. No answer waits for it: events are gathered for a moment and written
 * together, so that however many processes log people in, each takes the end of the log once a batch.
 *
 * @see docs/decisions/0067-a-security-log-that-shows-changes.md
 */
export function openSecurityLog(parts: Parts, pace: Pace = calm): SecurityLog {
  const { database, log, metrics } = parts;
  const repeats = createRepeatCounter();
  let waiting: NewSecurityEvent[] = [];
  let lost = 0;
  let isClosed = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let pauseMs = pace.delayMs;

  function enqueue(event: NewSecurityEvent): void {
    if (waiting.length < MOST_WAITING) waiting.push(event);
    else lost += 1;
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_ROWS);
      await database.sequelize.transaction((transaction) =>
        appendEvents(database, batch, transaction),
      );
      waiting = waiting.slice(batch.length);
      metrics.logRows.inc({ outcome: 'written' }, batch.length);
      if (lost === 0) continue;
      metrics.logRows.inc({ outcome: 'lost' }, lost);
      enqueue({
        event: 'sys_monitor_disabled',
        outcome: `${lost} events lost`,
        createdAt: new Date(),
      });
      lost = 0;
    }
  }

  async function write(): Promise<void> {
    const startedAt = performance.now();
    try {
      await writeWaiting();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed)
        log.error({ err: error }, 'The security log could not be written. It is tried again.');
      hasFailed = true;
    }
    writing = undefined;
    const took = performance.now() - startedAt;
    pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(pace.delayMs, PAUSES * took));
    if (waiting.length > 0) schedule(hasFailed ? pace.retryMs : pauseMs);
  }

  function schedule(delayMs: number): void {
    if (timer || writing || isClosed) return;
    timer = setTimeout(() => void startWriting(), delayMs).unref();
  }

  function startWriting(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write();
    return writing;
  }

  function takeRepeats(): void {
    for (const event of repeats.takeCounted()) enqueue(event);
  }

  const repeating = setInterval(() => {
    takeRepeats();
    if (waiting.length > 0) schedule(pauseMs);
  }, pace.repeatMs).unref();

  async function flush(): Promise<void> {
    takeRepeats();
    await writing;
    if (waiting.length > 0) await startWriting();
  }

  return {
    add(event) {
      if (repeats.count(event)) return;
      enqueue(event);
      schedule(pauseMs);
    },
    flush,
    async close() {
      isClosed = true;
      clearInterval(repeating);
      await flush();
    },
  };
}

/** The same where nothing is kept. */
export const noSecurityLog: SecurityLog = {
  add: () => undefined,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
