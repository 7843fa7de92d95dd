import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from '@latchkey/db/testing';
import { settingsForBench } from './start-server.ts';

const projectRoot = resolve(import.meta.dirname, '../..');
const endWithParent = ['--import', './scripts/end-with-parent.mjs'];

/** Server processes behind nginx, which take requests at `address`. Disposing ends them. */
export type RunningCluster = AsyncDisposable & { address: string; processId: number };

/**
 * Starts the processes of `npm run cluster`, on a PostgreSQL that is there.
 *
 * @param settings environment variables; DATABASE_URL and NGINX_PATH are needed
 */
export async function startCluster(
  count: number,
  settings: Record<string, string>,
): Promise<RunningCluster> {
  const port = await findFreePort();
  const command = [...endWithParent, 'scripts/cluster/main.ts', `${count}`];
  const child = spawn(process.execPath, command, {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], ...settingsForBench, ...settings, PORT: `${port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  const exited = once(child, 'exit');
  const output: string[] = [];
  const isReady = Promise.withResolvers<boolean>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      output.push(line);
      if (line.startsWith('Latchkey is at ')) isReady.resolve(true);
    });
  }
  void exited.then(() => isReady.resolve(false));
  if (!(await isReady.promise)) {
    throw new Error(`The cluster did not start. Its last words:\n${output.slice(-10).join('\n')}`);
  }
  return {
    address: `http://127.0.0.1:${port}`,
    processId: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      process.off('exit', end);
      end();
      await exited;
    },
  };
}
