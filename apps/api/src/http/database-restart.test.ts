import { migrate, openDatabase } from '@latchkey/db';
import { pgbouncerPath, startPgbouncer, startPostgresServer } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

/** A server on a PostgreSQL of its own, which can be shut down and started again. */
async function startOn(way: 'alone' | 'through PgBouncer') {
  await using undo = new AsyncDisposableStack();
  const postgres = await startPostgresServer();
  undo.defer(() => postgres.stop());
  // PgBouncer tries again to reach a server after that many seconds, 15 unless told.
  const settings = { server_login_retry: 1, query_wait_timeout: 2 };
  const url =
    way === 'alone'
      ? postgres.url
      : undo.use(await startPgbouncer(postgres.url, settings)).through(postgres.url);
  const database = await openDatabase(url);
  undo.defer(() => database.close());
  await migrate(database);
  const server = undo.use(await startTestServer('postgres', {}, { database }));
  const undoLater = undo.move();
  return { postgres, server, [Symbol.asyncDispose]: () => undoLater.disposeAsync() };
}

test.for(['alone', 'through PgBouncer'] as const)(
  'While PostgreSQL restarts, people are asked to come back, and then all is well: %s',
  { timeout: 120_000 },
  async (way, { skip }) => {
    skip(way !== 'alone' && !pgbouncerPath);
    await using place = await startOn(way);
    const { postgres, server } = place;
    const { browser } = await signUp(server);
    const paths = ['/secrets', '/trpc/auth.session', '/download/cheat-sheet.pdf'];
    const ask = async (path: string) => {
      const { status, headers } = await browser.fetch(path);
      return `${status} ${headers.get('retry-after')}`;
    };
    /** Many at once, so that every connection of the pool is used and lost. */
    const askMany = async () => {
      const asked = Array.from({ length: 4 }, () => paths).flat();
      return [...new Set(await Promise.all(asked.map(ask)))].sort();
    };
    expect(await askMany()).toEqual(['200 null']);
    const during = askMany();
    await postgres.shutDown();
    for (const outcome of await during) expect(['200 null', '503 5']).toContain(outcome);
    for (let round = 0; round < 3; round += 1) expect(await askMany()).toEqual(['503 5']);
    expect(await ask('/')).toBe('200 null');
    await postgres.startAgain();
    if (way === 'through PgBouncer') {
      for (let seen = ''; seen !== '200 null'; seen = await ask('/secrets')) {
        expect(['', '503 5']).toContain(seen);
      }
    }
    expect(await askMany()).toEqual(['200 null']);
  },
);
