import { setTimeout as wait } from 'node:timers/promises';

import { end, startServer, type Child } from './children.ts';

const POLL_MS = 50;
const ANSWER_TIMEOUT_MS = 2_000;
const RESTART_PAUSE_MS = 1_000;

/** A server process that is started again whenever it ends by itself. */
export type ServerProcess = {
  port: number;
  /** Starts it, and waits until it is ready. Gives false where it ended before. */
  start: () => Promise<boolean>;
  /** Stops it and starts it again, until it is ready. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
  /** Ends it at once. */
  kill: () => void;
};

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch(() => null);
  return answer?.ok ?? false;
}

async function waitUntilReady(port: number, { ended }: Child): Promise<boolean> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  while (!(await isReady(port))) {
    await wait(POLL_MS);
    if (over.signal.aborted) return false;
  }
  return true;
}

/** @param name shown before each line of its output, such as `process 1` */
export function createServerProcess(
  name: string,
  port: number,
  env: NodeJS.ProcessEnv,
): ServerProcess {
  let child: Child | undefined;
  let isWanted = false;
  const isStillWanted = () => isWanted;

  async function run(): Promise<boolean> {
    const running = (child = startServer(name, { ...env, PORT: String(port) }));
    const isUp = await waitUntilReady(port, running);
    if (isUp) {
      console.log(`${name} is ready at 127.0.0.1:${port}, process id ${running.process.pid ?? 0}`);
      void running.ended.then(revive);
    }
    return isUp;
  }

  async function revive(how: string): Promise<void> {
    if (!isStillWanted()) return;
    console.log(`${name} has ended with ${how}. It is started again.`);
    await runAgain();
  }

  /** Its database may be away, so that it ends again. */
  async function runAgain(): Promise<void> {
    while (isStillWanted() && !(await run())) await wait(RESTART_PAUSE_MS);
  }

  async function stop(): Promise<void> {
    isWanted = false;
    if (child) await end(child);
  }

  return {
    port,
    start() {
      isWanted = true;
      return run();
    },
    async restart() {
      await stop();
      isWanted = true;
      await runAgain();
    },
    stop,
    kill: () => child?.process.kill('SIGKILL'),
  };
}
