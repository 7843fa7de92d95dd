import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SkipError } from '../measure/ratio.ts';
import { findFreePort } from '@latchkey/db/testing';
import { runToEnd } from './run-to-end.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const peers = resolve(import.meta.dirname, '../peers');
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 100;
/** The one that has Debian's packages, whatever other is installed. */
const python = '/usr/bin/python3';

/** How many people and sessions a server is to have. */
export type Crowd = { people: number; sessions: number };
/** A server of another project, with a file of the cookies of its signed-in browsers, one a line. */
export type Peer = AsyncDisposable & { address: string; cookieFile: string; processId: number };

type Command = { program: string; args: string[]; cwd: string; env?: Record<string, string> };

async function startPeer(
  path: string,
  command: (folder: string, port: number) => Command,
): Promise<Peer> {
  const folder = await createTemporaryFolder();
  const port = await findFreePort();
  const { program, args, cwd, env } = command(folder.path, port);
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  const address = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await fetch(address + path).catch(() => null))?.ok) {
    if (child.exitCode !== null || performance.now() > deadline) {
      end();
      throw new Error(`${program} did not start. Its last words:\n${complaints.slice(-2000)}`);
    }
    await sleep(POLL_MS);
  }
  return {
    address,
    cookieFile: join(folder.path, 'cookies.txt'),
    processId: await findWorker(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      process.off('exit', end);
      end();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** gunicorn answers from a process of its own. */
async function findWorker(processId: number): Promise<number> {
  const file = `/proc/${processId}/task/${processId}/children`;
  const [child] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
  return Number(child) || processId;
}

/** Better Auth from npm, as its lock file says, which is installed beside it. */
export async function startBetterAuth({ people, sessions }: Crowd): Promise<Peer> {
  const cwd = join(peers, 'better-auth');
  if (!existsSync(join(cwd, 'node_modules'))) {
    console.log('  installing Better Auth from npm…');
    await runToEnd('npm', ['ci', '--no-audit', '--no-fund'], cwd);
  }
  return startPeer('/api/auth/get-session', (folder, port) => ({
    program: process.execPath,
    args: ['server.mjs', folder, `${port}`, `${people}`, `${sessions}`],
    cwd,
  }));
}

/** Flask-Login, Flask and gunicorn of the system. */
export async function startFlaskLogin({ people, sessions }: Crowd): Promise<Peer> {
  try {
    await runToEnd(python, ['-c', 'import flask_login, gunicorn'], peers);
  } catch (cause) {
    throw new SkipError(
      'Flask-Login is not there. On Debian: apt-get install gunicorn python3-flask python3-flask-login',
      { cause },
    );
  }
  return startPeer('/session', (folder, port) => ({
    program: python,
    args: [
      ...['-m', 'gunicorn', '--bind', `127.0.0.1:${port}`, '--workers', '1'],
      ...['--worker-class', 'gthread', '--threads', '4', '--timeout', '120', 'server:app'],
    ],
    cwd: join(peers, 'flask-login'),
    env: {
      FOLDER: folder,
      PEOPLE: `${people}`,
      SESSIONS: `${sessions}`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  }));
}
