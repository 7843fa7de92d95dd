import type { Benchmark } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { createClient } from './server/client.ts';
import { timeBareFastify } from './server/start-bare-fastify.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 9;

/** From the start of the process to the first page, on a database that is there. */
async function timeServer(folder: string): Promise<number> {
  await using server = await startServer({ DATA_DIR: folder });
  using client = createClient(server);
  const startedAt = performance.now();
  const { status } = await client.ask({ path: '/' });
  if (status !== 200) throw new Error(`The first answer had status ${status}.`);
  return server.startMs + performance.now() - startedAt;
}

export const startUp: Benchmark = {
  name: 'start-up',
  title: 'How long is it from the start of the process to the first page?',
  async run() {
    await using folder = await createTemporaryFolder();
    const runRound = async () => ({
      ours: await timeServer(folder.path),
      bare: await timeBareFastify(),
    });
    await runRound();
    const rounds: Awaited<ReturnType<typeof runRound>>[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound());
    const median = (key: 'ours' | 'bare') =>
      findMedian(rounds.map((round) => round[key])).toFixed(0);
    return [
      {
        measure: 'first page of a built site',
        yardstick: 'first answer of a bare Fastify',
        ratios: rounds.map(({ ours, bare }) => ours / bare),
        target: { atMost: 2 },
        meaning: `${median('ours')} ms against ${median('bare')} ms.`,
      },
    ];
  },
};
