import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort } from '@latchkey/db/testing';

const projectRoot = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
const KEPT_OUTPUT_CHARACTERS = 4000;

/** The tests' own site, no file of settings, and what suits every run. */
export const settingsForBench = {
  LATCHKEY_SITE_ROOT: '.cache/fixture',
  LATCHKEY_ENV_FILE: '',
  NODE_OPTIONS: '--conditions=fixture',
  TRUST_PROXY: '1',
  LOG_LEVEL: 'warn',
};

export type RunningServer = AsyncDisposable & {
  /** Where requests go, such as http://127.0.0.1:41234. */
  address: string;
  /** What the server takes for its own origin. */
  publicOrigin: string;
  processId: number;
  /** From the start of the process to its being ready. */
  startMs: number;
  /** Ends it with SIGKILL, as a crash or the kernel would. */
  kill: () => Promise<void>;
};

/** Quick where it is built already. */
export const buildFixture = () =>
  promisify(execFile)(process.execPath, ['scripts/fixture.mjs'], { cwd: projectRoot });

/**
 * Starts the real server as a process of its own, on a free port unless the settings name one, and waits until it answers.
 * Disposing ends it gracefully.
 *
 * @param settings environment variables beyond those that suit every run; DATA_DIR is needed
 */
export async function startServer(
  settings: Record<string, string> & { DATA_DIR: string },
): Promise<RunningServer> {
  await buildFixture();
  const port = Number(settings['PORT'] ?? (await findFreePort()));
  const publicOrigin = `http://localhost:${port}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['apps/api/src/main.ts'], {
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      ...settingsForBench,
      ...settings,
      PORT: `${port}`,
      PUBLIC_URL: publicOrigin,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const readOutput = keepOutput(child);
  const killNow = () => void child.kill('SIGKILL');
  process.once('exit', killNow);
  void once(child, 'exit').then(() => process.off('exit', killNow));
  const address = `http://127.0.0.1:${port}`;
  await waitUntilReady(child, address, readOutput);
  return {
    address,
    publicOrigin,
    processId: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    kill: () => endChild(child, 'SIGKILL'),
    [Symbol.asyncDispose]: () => endChild(child, 'SIGTERM'),
  };
}

function keepOutput({ stdout, stderr }: ChildProcess): () => string {
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT_CHARACTERS);
  };
  stdout?.on('data', keep);
  stderr?.on('data', keep);
  return () => output;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

async function waitUntilReady(
  child: ChildProcess,
  address: string,
  readOutput: () => string,
): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!hasEnded(child) && performance.now() < deadline) {
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await sleep(POLL_MS);
  }
  const reason = hasEnded(child) ? 'it ended' : `it was not ready in ${START_TIMEOUT_MS} ms`;
  await endChild(child, 'SIGKILL');
  throw new Error(`The server did not start: ${reason}. Its last words:\n${readOutput()}`);
}

async function endChild(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
