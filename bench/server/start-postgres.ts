import { createPostgresDatabase, startPostgresServer } from '@latchkey/db/testing';

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
