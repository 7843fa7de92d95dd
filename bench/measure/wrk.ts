import { resolve } from 'node:path';
import { runToEnd } from '../server/run-to-end.ts';
import { watchCpu } from './cpu.ts';
import { SkipError } from './ratio.ts';
import type { Speed } from './throughput.ts';

const folder = resolve(import.meta.dirname, '../peers');

/** Throws a SkipError where wrk is not installed. */
export async function demandWrk(): Promise<void> {
  try {
    await runToEnd('sh', ['-c', 'command -v wrk'], folder);
  } catch (cause) {
    throw new SkipError('wrk is not there. On Debian: apt-get install wrk', { cause });
  }
}

export type Load = {
  url: string;
  /** A file of cookies, one a line, of which each request has one at random. */
  cookieFile: string;
  processId: number;
  connections: number;
  seconds: number;
};

/** Answers a second to wrk, and what they cost the server. Throws where an answer was not 200. */
export async function measureWithWrk(load: Load): Promise<Speed> {
  const { url, cookieFile, processId, connections, seconds } = load;
  const args = [
    ...['--threads', '1', '--connections', `${connections}`, '--duration', `${seconds}s`],
    ...['--script', 'ask-with-cookies.lua', url],
  ];
  const endWatch = await watchCpu(processId);
  const output = await runToEnd('wrk', args, folder, { COOKIES: cookieFile });
  const { processCores } = await endWatch();
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  if (!(perSecond > 0) || /Non-2xx|Socket errors/.test(output)) {
    throw new Error(`wrk was not answered as it should be by ${url}:\n${output}`);
  }
  return { perSecond, perCoreSecond: processCores === null ? null : perSecond / processCores };
}
