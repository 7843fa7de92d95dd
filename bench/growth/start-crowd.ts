import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClient, type Client } from '../server/client.ts';
import type { Person } from '../server/people.ts';
import { startServer, type RunningServer } from '../server/start-server.ts';
import { createTemporaryFolder } from '../server/temporary-folder.ts';
import { cheapestHash, emailOf, fillDatabase, PASSWORD } from './fill-database.ts';

/** A site with so many people, and what it is asked with. */
export type Crowd = AsyncDisposable & {
  people: number;
  /** As DATABASE_URL. */
  url: string;
  /** MiB of the database's file; null where it is not one file. */
  fileMib: number | null;
  start: (settings?: Record<string, string>) => Promise<RunningCrowd>;
};

export type RunningCrowd = AsyncDisposable & {
  server: RunningServer;
  client: Client;
  /** The cookies of a session at random. */
  drawCookies: () => string;
  /** Somebody at random, at an address that was not used before. */
  drawPerson: () => Person;
};

let addresses = 0;

/** Limits by address stay out of the way. */
export function takeAddress(): string {
  addresses += 1;
  return `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

const draw = (below: number) => Math.floor(Math.random() * below);

/** Makes a database with so many people, in a folder of its own or where a URL says. */
export async function createCrowd(people: number, postgresUrl?: string): Promise<Crowd> {
  const folder = await createTemporaryFolder();
  const file = join(folder.path, 'latchkey.sqlite');
  const url = postgresUrl ?? `sqlite:${file}`;
  const run = (settings: Record<string, string> = {}) =>
    startServer({
      DATA_DIR: folder.path,
      DATABASE_URL: url,
      ...cheapestHash,
      // Nothing is to slide meanwhile: a write that comes once a minute belongs to no look-up.
      SESSION_TOUCH_SECONDS: '900',
      ...settings,
    });
  const migrating = await run();
  await migrating[Symbol.asyncDispose]();
  const tokens = await fillDatabase(url, people);
  return {
    people,
    url,
    fileMib: postgresUrl === undefined ? (await stat(file)).size / 1024 ** 2 : null,
    start: async (settings) => {
      const server = await run(settings);
      const client = createClient(server);
      const { port } = new URL(server.publicOrigin);
      return {
        server,
        client,
        drawCookies: () =>
          `session-${port}=${tokens[draw(tokens.length)] ?? ''}; signed-in-${port}=1`,
        drawPerson: () => ({
          email: emailOf(draw(people)),
          password: PASSWORD,
          address: takeAddress(),
        }),
        async [Symbol.asyncDispose]() {
          client[Symbol.dispose]();
          await server[Symbol.asyncDispose]();
        },
      };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** What has a server write down each of its statements. */
export const recordStatements = (file: string) => ({
  NODE_OPTIONS: `--conditions=fixture --import=${resolve(import.meta.dirname, 'record-statements.ts')}`,
  STATEMENTS_FILE: file,
});
