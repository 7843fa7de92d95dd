import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { pinnedNode, root } from '../workspace.mjs';

/** A program of the cluster, which takes no signal of the terminal: the cluster ends it in its turn. */
export type Child = {
  process: ChildProcess;
  /** Resolves with how it ended, such as `exit code 1` or `SIGKILL`. */
  ended: Promise<string>;
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

function watch(child: ChildProcess, name: string): Child {
  const print = (stream: Readable | null) => {
    if (stream) createInterface(stream).on('line', (line) => console.log(`${name} │ ${line}`));
  };
  print(child.stdout);
  print(child.stderr);
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  const ended = exited.then(([code, signal]) => signal ?? `exit code ${String(code)}`);
  return { process: child, ended };
}

/** Starts a server process, which ends with this one even when this one is killed. */
export function startServer(name: string, env: NodeJS.ProcessEnv): Child {
  const command = ['--import', './scripts/end-with-parent.mjs', 'apps/api/src/main.ts'];
  const child = spawn(pinnedNode, command, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watch(child, name);
}

/** Starts a program that speaks with this one in messages, and ends once they end. */
export function startKeeper(name: string, file: string, args: string[] = []): Child {
  const child = fork(file, args, {
    cwd: root,
    execPath: pinnedNode,
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return watch(child, name);
}

/** The next message of a program, or null where it ends before. */
export async function receive<Message>({ process: child, ended }: Child): Promise<Message | null> {
  const received = new AbortController();
  const message = once(child, 'message', { signal: received.signal }) as Promise<[Message]>;
  // Who ends first is what counts; the other may end as it likes.
  message.catch(() => undefined);
  const first = await Promise.race([message, ended]);
  received.abort();
  return typeof first === 'string' ? null : first[0];
}

/** Ends a program and waits until it has ended. */
export async function end({ process: child, ended }: Child): Promise<void> {
  if (!hasEnded(child)) {
    if (child.connected) child.disconnect();
    else child.kill('SIGTERM');
  }
  await ended;
}
