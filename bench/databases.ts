import { SkipError, type Benchmark } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureAnswersPerSecond } from './measure/throughput.ts';
import { createClient } from './server/client.ts';
import { inventPeople, registerForCookies } from './server/people.ts';
import { startPostgres } from './server/start-postgres.ts';
import { startServer, type RunningServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 15;
const load = { concurrency: 8, durationMs: 400 };

async function prepare(server: RunningServer) {
  const client = createClient(server);
  const [member] = inventPeople(1);
  if (!member) throw new Error('Nobody was invented.');
  const cookie = await registerForCookies(client, member);
  const ask = () => client.ask({ path: '/trpc/auth.session', headers: { cookie } });
  return {
    measure: () => measureAnswersPerSecond(ask, load),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

async function startPostgresOrSkip() {
  try {
    return await startPostgres();
  } catch (error) {
    throw new SkipError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export const databases: Benchmark = {
  name: 'databases',
  title: 'What does moving from SQLite to PostgreSQL cost one process?',
  async run() {
    await using postgres = await startPostgresOrSkip();
    await using folder = await createTemporaryFolder();
    await using onSqlite = await startServer({ DATA_DIR: folder.path });
    await using onPostgres = await startServer({
      DATA_DIR: folder.path,
      DATABASE_URL: postgres.url,
    });
    using sqlite = await prepare(onSqlite);
    using postgresql = await prepare(onPostgres);
    const runRound = async () => ({
      postgres: await postgresql.measure(),
      sqlite: await sqlite.measure(),
    });
    await runRound();
    const rounds: Awaited<ReturnType<typeof runRound>>[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound());
    const speedOf = (name: 'postgres' | 'sqlite') =>
      findMedian(rounds.map((round) => round[name])).toFixed(0);
    return [
      {
        measure: 'auth.session on PostgreSQL, answers a second',
        yardstick: 'on SQLite',
        ratios: rounds.map((round) => round.postgres / round.sqlite),
        meaning: `${speedOf('postgres')} against ${speedOf('sqlite')} a second; more processes can share PostgreSQL alone.`,
      },
    ];
  },
};
