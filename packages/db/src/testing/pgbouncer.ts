import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { findFreePort } from './postgres-server.ts';

// eslint-disable-next-line no-restricted-properties -- where the program is, and no setting
export const pgbouncerPath = process.env['PGBOUNCER_PATH'] ?? '';

/** A PgBouncer of the test's own. Take it with `await using`. */
export interface Pgbouncer extends AsyncDisposable {
  /** The address of the same database through it. */
  through: (databaseUrl: string) => string;
}

const START_ATTEMPTS = 3;

/**
 * Starts PgBouncer in transaction mode in front of the server of this address, on a free port of
 * 127.0.0.1, with its own defaults but for those given, and few connections, so that clients share them.
 */
export async function startPgbouncer(
  serverUrl: string,
  settings: Record<string, string | number> = {},
): Promise<Pgbouncer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(serverUrl, settings);
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function tryToStart(
  serverUrl: string,
  settings: Record<string, string | number>,
): Promise<Pgbouncer> {
  const folder = await makeTemporaryFolder('latchkey-pgbouncer-');
  const port = await findFreePort();
  const configFile = path.join(folder, 'pgbouncer.ini');
  await writeFile(configFile, configure(serverUrl, { listen_port: port, ...settings }));
  const child = spawn(pgbouncerPath, [configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const output: string[] = [];
  const listens = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      output.push(line);
      if (line.includes('process up')) resolve();
    });
  });
  await Promise.race([listens, ended]);
  if (child.exitCode !== null) {
    throw new Error(`PgBouncer did not start. Its last words: ${output.slice(-5).join(' ')}`);
  }
  return {
    through: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    [Symbol.asyncDispose]: async () => {
      kill();
      await ended;
      process.off('exit', kill);
    },
  };
}

function configure(serverUrl: string, settings: Record<string, string | number>): string {
  const { hostname, port, username, password } = new URL(serverUrl);
  const all = {
    listen_addr: '127.0.0.1',
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: 3,
    ...(process.getuid?.() === 0 && { user: 'postgres' }),
    ...settings,
  };
  return [
    '[databases]',
    `* = host=${hostname} port=${port} user=${username} password=${password}`,
    '[pgbouncer]',
    ...Object.entries(all).map(([name, value]) => `${name} = ${value}`),
    '',
  ].join('\n');
}
