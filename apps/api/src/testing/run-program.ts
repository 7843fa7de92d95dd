import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { projectRoot } from '../settings/settings.ts';
import { keepCompiled } from './compiled.ts';
import { fixtureProcess } from './fixture-site.ts';

const sources = resolve(projectRoot, 'apps/api/src');

/**
 * Runs a program of this folder as a process of its own, with these settings alone. It listens on a
 * free port when it is a server. Take it with `await using`.
 */
export function runProgram(fileName: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [resolve(sources, fileName)], {
    env: { PORT: '0', LOG_LEVEL: 'info', ...keepCompiled, ...fixtureProcess, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close') as Promise<[code: number | null, signal: string | null]>;
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const look of waiting) look();
    });
  }

  /** Waits until a pattern stands in the output so many times, and gives the first match. */
  async function waitFor(pattern: RegExp, times = 1): Promise<RegExpExecArray> {
    const seen = Promise.withResolvers<RegExpExecArray>();
    const look = () => {
      const matches = [...output.matchAll(new RegExp(pattern, 'g'))];
      if (matches[0] && matches.length >= times) seen.resolve(matches[0]);
    };
    waiting.add(look);
    look();
    const ended = exited.then(() => {
      throw new Error(`${fileName} ended without saying ${String(pattern)}:\n${output}`);
    });
    return Promise.race([seen.promise, ended]).finally(() => waiting.delete(look));
  }

  return {
    waitFor,
    /** The address it says it listens at. */
    waitForUrl: async () => (await waitFor(/Server listening at (http:[^"]+)/))[1] ?? '',
    /** Waits for the end; gives the exit code and all that was written. */
    waitForEnd: async () => ({ code: (await exited)[0], output }),
    signal: (name: NodeJS.Signals) => child.kill(name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export type Program = ReturnType<typeof runProgram>;
