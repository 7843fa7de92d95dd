import { cheapestHash } from './growth/fill-database.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureAnswersPerSecond } from './measure/throughput.ts';
import { createCallers } from './server/callers.ts';
import { createClient, type Client } from './server/client.ts';
import { startPostgresOrSkip } from './server/start-postgres.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 9;
const load = { concurrency: 8, durationMs: 1500 };

/** Servers on one database, asked in turn. Take it with `await using`. */
async function startLogIns(count: number, settings: Record<string, string>) {
  await using undoOnFailure = new AsyncDisposableStack();
  const folder = undoOnFailure.use(await createTemporaryFolder());
  const clients: Client[] = [];
  while (clients.length < count) {
    const shared = { ...cheapestHash, ...settings, DATA_DIR: folder.path };
    const server = undoOnFailure.use(await startServer(shared));
    clients.push(undoOnFailure.use(createClient(server)));
  }
  let turn = 0;
  const ask: Client['ask'] = (question) => {
    const client = clients[(turn += 1) % count];
    if (!client) throw new Error('There is a client for each server.');
    return client.ask(question);
  };
  const { login } = await createCallers({ ask, [Symbol.dispose]: () => undefined });
  const undo = undoOnFailure.move();
  return {
    measure: () => measureAnswersPerSecond(login, load),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

type Site = { where: string; processes: number; settings: () => Promise<Record<string, string>> };

async function compare({ where, processes, settings }: Site): Promise<Row> {
  await using kept = await startLogIns(processes, await settings());
  const without = { ...(await settings()), SECURITY_LOG_DAYS: '0' };
  await using none = await startLogIns(processes, without);
  const runRound = async () => ({ kept: await kept.measure(), none: await none.measure() });
  await runRound();
  const rounds: Awaited<ReturnType<typeof runRound>>[] = [];
  while (rounds.length < ROUNDS) rounds.push(await runRound());
  const median = (name: 'kept' | 'none') =>
    findMedian(rounds.map((round) => round[name])).toFixed(1);
  return {
    measure: `log-ins a second with the security log, ${where}`,
    yardstick: 'without it',
    ratios: rounds.map((round) => round.kept / round.none),
    target: { atLeast: 0.9 },
    meaning: `${median('kept')} against ${median('none')} a second, with the cheapest hash.`,
  };
}

export const securityLog: Benchmark = {
  name: 'security-log',
  title: 'What does the security log cost those who log in?',
  async run() {
    await using postgres = await startPostgresOrSkip();
    const own = async () => ({ DATABASE_URL: await postgres.createDatabase() });
    return [
      await compare({ where: 'SQLite', processes: 1, settings: () => Promise.resolve({}) }),
      await compare({ where: 'two processes on PostgreSQL', processes: 2, settings: own }),
    ];
  },
};
