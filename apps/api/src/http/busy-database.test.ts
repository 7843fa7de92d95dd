import { openDatabase, type Dialect } from '@latchkey/db';
import { dialects } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

/** Longer than a request waits: five seconds for SQLite's lock, ten for one of PostgreSQL's connections. */
const timeout = 60_000;

/** Keeps what writers need: SQLite's lock, by another program, or every connection to PostgreSQL. */
async function holdDatabase({ deps }: TestServer, dialect: Dialect) {
  const other = dialect === 'sqlite' ? await openDatabase(deps.settings.databaseUrl) : null;
  const { sequelize } = other ?? deps.database;
  const held = Array.from({ length: other ? 1 : 10 }, () => sequelize.transaction());
  const transactions = await Promise.all(held);
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(transactions.map((transaction) => transaction.rollback()));
      await other?.close();
    },
  };
}

test.each(dialects)(
  'Who waits too long for the database is told to come again (%s)',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const visitor = server.openBrowser();
    {
      await using _held = await holdDatabase(server, dialect);
      const register = catchRefusal(createClient(visitor).auth.register.mutate(makePerson()));
      const [refusal, update, article] = await Promise.all([
        register,
        catchRefusal(client.account.update.mutate({ name: 'Ada' })),
        server.openBrowser().visit('/blog/how-a-session-ends'),
      ]);
      const told = { httpStatus: 503, reason: 'overloaded', retryAfterSeconds: 5 };
      expect(refusal).toMatchObject(told);
      expect(update).toMatchObject(told);
      expect([article.status, article.headers.get('retry-after')]).toEqual([503, '5']);
    }
    const faults = server.logLines.filter((line) => line.includes('A request failed.'));
    expect(faults).toHaveLength(3);
    await createClient(visitor).auth.register.mutate(makePerson());
  },
  timeout,
);
