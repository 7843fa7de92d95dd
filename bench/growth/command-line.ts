import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { readPeakMemoryMib } from '../measure/memory.ts';
import { settingsForBench } from '../server/start-server.ts';

const root = resolve(import.meta.dirname, '../..');
const MEMORY_INTERVAL_MS = 50;

export type CommandRun = { firstOutputMs: number; totalMs: number; peakMib: number; lines: number };

/**
 * Runs a command of the operator and looks at when it writes and how much memory it takes.
 *
 * @param url as DATABASE_URL
 * @param mayBeCut whether it may be ended at its first output
 */
export async function runCommand(
  url: string,
  args: string[],
  { mayBeCut = false } = {},
): Promise<CommandRun> {
  const start = performance.now();
  const child = spawn(process.execPath, ['apps/api/src/admin/main.ts', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...settingsForBench, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const run = { firstOutputMs: NaN, totalMs: NaN, peakMib: 0, lines: 0 };
  const look = async () => {
    run.peakMib = Math.max(run.peakMib, await readPeakMemoryMib(child.pid ?? 0));
  };
  const timer = setInterval(() => void look(), MEMORY_INTERVAL_MS);
  child.stdout.on('data', (chunk: Buffer) => {
    if (run.lines === 0) run.firstOutputMs = performance.now() - start;
    run.lines += chunk.toString('latin1').split('\n').length - 1;
    if (mayBeCut) child.kill('SIGKILL');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  run.totalMs = performance.now() - start;
  // 1 is what doctor says of problems, such as a full disk, which are none of this benchmark's.
  const isDone = code === 0 || (code === 1 && args[0] === 'doctor');
  if (!isDone && !mayBeCut) throw new Error(`${args.join(' ')} ended with ${code}.`);
  return run;
}
