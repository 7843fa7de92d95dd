import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './growth/command-line.ts';
import { expireSessions, waitForPurge } from './growth/measure-purge.ts';
import { questions } from './growth/questions.ts';
import { createCrowd, type Crowd, type RunningCrowd } from './growth/start-crowd.ts';
import type { Benchmark, BenchmarkOptions, Row } from './measure/ratio.ts';
import { findMedian, findQuantile } from './measure/statistics.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const PEOPLE = [100_000];
const IMPORTED = 10_000;
const PURGED = 50_000;
const INTERVAL_MS = 100;
/** Of as many questions one is a log-in, so that log-ins by themselves do not fill the disk's time. */
const ONE_LOGIN_IN = 5;
const IDLE_MS = 5000;
const LONGEST_WAIT_MS = 500;

/** Milliseconds of answers, asked at a steady pace. */
type Waits = { logIn: number[]; session: number[]; seconds: number };

async function timeOne(ask: () => Promise<{ status: number; body: string }>): Promise<number> {
  const start = performance.now();
  const { status, body } = await ask();
  if (status !== 200) throw new Error(`An answer had status ${status}: ${body.slice(0, 200)}`);
  return performance.now() - start;
}

/** Lets somebody who is signed in ask ten times a second, and somebody log in twice, until the work is done. */
async function askBeside(crowd: RunningCrowd, work: () => Promise<unknown>): Promise<Waits> {
  const start = performance.now();
  const progress = { isDone: false };
  const working = work().finally(() => (progress.isDone = true));
  const logIns: Promise<number>[] = [];
  const sessions: Promise<number>[] = [];
  while (!progress.isDone) {
    if (sessions.length % ONE_LOGIN_IN === 0) {
      logIns.push(timeOne(() => questions['a log-in, with the cheapest hash'](crowd)));
    }
    sessions.push(timeOne(() => questions['auth.session'](crowd)));
    await sleep(INTERVAL_MS);
  }
  await working;
  const seconds = (performance.now() - start) / 1000;
  return { logIn: await Promise.all(logIns), session: await Promise.all(sessions), seconds };
}

async function writePeople(file: string): Promise<void> {
  const passwordHash = `$2b$10$${'abcdefghijklmnopqrstuu'.padEnd(53, 'K')}`;
  const people = Array.from({ length: IMPORTED }, (_, index) =>
    JSON.stringify({ name: 'Bench', email: `imported-${index}@bench.example`, passwordHash }),
  );
  await writeFile(file, people.join('\n'));
}

/** Each kind of work, and how long others wait beside it. */
async function runAll(crowd: Crowd, folder: string): Promise<Record<string, Waits>> {
  const { url } = crowd;
  const file = join(folder, 'people.jsonl');
  await writePeople(file);
  // Sessions slide at nearly each request, as one does whose reader was away for a minute.
  const settings = { SESSION_TOUCH_SECONDS: '1' };
  const all: Record<string, Waits> = {};
  const commands = {
    'a backup': ['backup', join(folder, 'backup')],
    doctor: ['doctor'],
    'an import of 10,000 people': ['user', 'import', file],
  };
  {
    await using running = await crowd.start(settings);
    await askBeside(running, () => sleep(IDLE_MS / 5));
    all['nothing'] = await askBeside(running, () => sleep(IDLE_MS));
    for (const [name, args] of Object.entries(commands)) {
      all[name] = await askBeside(running, () => runCommand(url, args));
    }
  }
  await expireSessions(url, PURGED);
  {
    await using running = await crowd.start(settings);
    all['a purge of 50,000 sessions'] = await askBeside(running, () => waitForPurge(url));
    all['sessions end --all'] = await askBeside(running, () =>
      runCommand(url, ['sessions', 'end', '--all', '--yes']),
    );
  }
  return all;
}

function describe(waits: number[], idle: number[], seconds: number): string {
  const figures = (values: number[]) =>
    `${findMedian(values).toFixed(0)} ms in the median, ${findQuantile(values, 0.99).toFixed(0)} ms at the 99th percentile, ${Math.max(...values).toFixed(0)} ms at most`;
  return `${figures(waits)}, of ${waits.length} in ${seconds.toFixed(1)} s. Beside nothing: ${figures(idle)}.`;
}

function compare(name: string, what: string, key: 'logIn' | 'session', all: [Waits, Waits]): Row {
  const [waits, idle] = all;
  const longest = Math.max(...waits[key]);
  return {
    measure: `longest ${what} beside ${name}`,
    yardstick: 'half a second',
    ratios: [longest / LONGEST_WAIT_MS],
    target: { atMost: 1 },
    meaning: describe(waits[key], idle[key], waits.seconds),
  };
}

export const longWork: Benchmark = {
  name: 'long-work',
  title:
    'Does anybody wait for a backup, a purge, an import, or the end of all sessions on SQLite?',
  async run({ people = PEOPLE }: BenchmarkOptions) {
    await using crowd = await createCrowd(Math.max(...people));
    await using folder = await createTemporaryFolder();
    const { nothing: idle, ...others } = await runAll(crowd, folder.path);
    if (!idle) return [];
    return Object.entries(others).flatMap(([name, waits]) => [
      compare(name, 'log-in, with the cheapest hash,', 'logIn', [waits, idle]),
      compare(name, 'auth.session', 'session', [waits, idle]),
    ]);
  },
};
