import { createPostgresDatabase, startPostgresServer } from '@latchkey/db/testing';
import { SkipError } from '../measure/ratio.ts';

/** The same, with the benchmark skipped where there can be none. */
export async function startPostgresOrSkip() {
  try {
    return await startPostgres();
  } catch (error) {
    throw new SkipError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * Starts a PostgreSQL of this run's own with PostgreSQL's own settings; disposing ends it and
 * removes its data.
 *
 * @returns `url` of an empty database, and a function that makes another one and gives its URL
 */
export async function startPostgres(): Promise<
  AsyncDisposable & { url: string; createDatabase: () => Promise<string> }
> {
  const server = await startPostgresServer({});
  return {
    url: server.url,
    createDatabase: async () => (await createPostgresDatabase(server.url, 'empty')).url,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
