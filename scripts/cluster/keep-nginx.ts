import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describeNginx, type Upstream } from './describe-nginx.ts';

// usage: fork('keep-nginx.ts', [NGINX, PLACE]). Each message is a list of upstreams; the answer says that
// nginx knows no other. nginx ends, and its files go, when the program that started this one ends.

const POLL_MS = 50;
const RETRY_MS = 500;

const [nginx = '', place = ''] = process.argv.slice(2);
const folder = mkdtempSync(path.join(os.tmpdir(), 'latchkey-nginx-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const configFile = path.join(folder, 'nginx.conf');
let running: ChildProcess | undefined;
let isListening = false;
const ending = new AbortController();
const isEnding = () => ending.signal.aborted;

function start(): ChildProcess {
  const child = spawn(nginx, ['-p', folder, '-e', 'stderr', '-c', configFile], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.once('exit', () => void startAgain());
  return child;
}

async function startAgain(): Promise<void> {
  if (isEnding() || !isListening) return;
  console.error('nginx has ended. It is started again.');
  await wait(RETRY_MS);
  if (!isEnding()) running = start();
}

/** The processes that answer, of an nginx that has this id. */
function listWorkers(processId: number): number[] {
  const read = () => {
    try {
      return readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8');
    } catch {
      // Not on Linux.
      return execFileSync('pgrep', ['-P', String(processId)], { encoding: 'utf8' });
    }
  };
  try {
    return read().trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    // pgrep fails where there is none.
    return [];
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

/** Waits until the former workers have answered what they took: they still know the former list. */
async function reload(child: ChildProcess): Promise<void> {
  const former = listWorkers(child.pid ?? 0);
  child.kill('SIGHUP');
  while (former.some(isAlive)) await wait(POLL_MS);
}

async function configure(upstreams: Upstream[]): Promise<void> {
  writeFileSync(configFile, describeNginx(folder, place, upstreams));
  if (running) await reload(running);
  else await startAtFirst();
  process.send?.({ processId: running?.pid });
}

/** nginx has workers once it listens. One that cannot has said why. */
async function startAtFirst(): Promise<void> {
  running = start();
  while (listWorkers(running.pid ?? 0).length === 0) {
    if (running.exitCode !== null) process.exit(1);
    await wait(POLL_MS);
  }
  isListening = true;
}

async function end(): Promise<void> {
  ending.abort();
  if (running && running.exitCode === null && running.signalCode === null) {
    running.kill('SIGQUIT');
    await once(running, 'exit');
  }
  process.exit();
}

process.on('message', (upstreams: Upstream[]) => void configure(upstreams));
process.once('disconnect', () => void end());
