import { randomBytes, scrypt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { readProcessSeconds } from './measure/cpu.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureAnswersPerSecond } from './measure/throughput.ts';
import { createCallers, type Callers } from './server/callers.ts';
import { createClient, type Answer } from './server/client.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 5;
/** Of each, one after the other, in a round. */
const SAMPLES = 5;
const FLOOD_MS = 4000;
const cores = availableParallelism();

/** The server's default. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);
const hash = () => derive('correct horse battery', randomBytes(16), 32, cost);

type Cost = { ms: number; processorMs: number };
type Work = { run: () => Promise<Answer | Buffer>; processId: number };

const names = {
  login: { one: 'a log-in', many: 'log-ins' },
  registration: { one: 'a registration', many: 'registrations' },
} satisfies Record<keyof Callers, object>;
type Kind = keyof Callers;
type Round = {
  costs: Record<Kind | 'bare', Cost>;
  perSecond: Record<Kind | 'bare', number>;
};

async function measureCost({ run, processId }: Work): Promise<Cost> {
  const seconds = (await readProcessSeconds(processId)) ?? NaN;
  const times: number[] = [];
  while (times.length < SAMPLES) {
    const start = performance.now();
    demandSuccess(await run());
    times.push(performance.now() - start);
  }
  const used = ((await readProcessSeconds(processId)) ?? NaN) - seconds;
  return { ms: findMedian(times), processorMs: (used * 1000) / SAMPLES };
}

function demandSuccess(result: Answer | Buffer): void {
  if (Buffer.isBuffer(result) || result.status === 200) return;
  throw new Error(`An answer had status ${result.status}: ${result.body.slice(0, 200)}`);
}

/** As many a second as all cores can, by the very same hash and nothing else. */
async function countHashes(): Promise<number> {
  const start = performance.now();
  let hashes = 0;
  const hashOn = async () => {
    while (performance.now() - start < FLOOD_MS) {
      await hash();
      hashes += 1;
    }
  };
  await Promise.all(Array.from({ length: cores }, hashOn));
  return (hashes * 1000) / (performance.now() - start);
}

function compareCosts(rounds: Round[], kind: Kind, key: keyof Cost, name: string): Row {
  const median = (of: Kind | 'bare') =>
    findMedian(rounds.map((round) => round.costs[of][key])).toFixed(0);
  return {
    measure: `${names[kind].one}, ${name}`,
    yardstick: 'the bare hash',
    ratios: rounds.map((round) => round.costs[kind][key] / round.costs.bare[key]),
    target: { atMost: 1.1 },
    meaning: `${median(kind)} ms against ${median('bare')} ms.`,
  };
}

function compareFloods(rounds: Round[], kind: Kind): Row {
  const median = (of: Kind | 'bare') =>
    findMedian(rounds.map(({ perSecond }) => perSecond[of])).toFixed(2);
  return {
    measure: `${names[kind].many}, ${cores * 2} at once, a second`,
    yardstick: `bare hashes on ${cores} cores`,
    ratios: rounds.map(({ perSecond }) => perSecond[kind] / perSecond.bare),
    target: { atLeast: 0.9 },
    meaning: `${median(kind)} against ${median('bare')} a second.`,
  };
}

export const loginCost: Benchmark = {
  name: 'login-cost',
  title: 'What does a log-in cost beyond the hash of its password?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const callers = await createCallers(client);
    const { processId } = server;
    const flood = { concurrency: cores * 2, durationMs: FLOOD_MS };
    const runRound = async (): Promise<Round> => ({
      costs: {
        bare: await measureCost({ run: hash, processId: process.pid }),
        login: await measureCost({ run: callers.login, processId }),
        registration: await measureCost({ run: callers.registration, processId }),
      },
      perSecond: {
        bare: await countHashes(),
        login: await measureAnswersPerSecond(callers.login, flood),
        registration: await measureAnswersPerSecond(callers.registration, flood),
      },
    });
    await runRound();
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound());
    return [
      compareCosts(rounds, 'login', 'ms', 'time'),
      compareCosts(rounds, 'login', 'processorMs', 'processor time'),
      compareCosts(rounds, 'registration', 'ms', 'time'),
      compareCosts(rounds, 'registration', 'processorMs', 'processor time'),
      compareFloods(rounds, 'login'),
      compareFloods(rounds, 'registration'),
    ];
  },
};
