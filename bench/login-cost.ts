import { randomBytes, scrypt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { readProcessSeconds } from './measure/cpu.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureAnswersPerSecond } from './measure/throughput.ts';
import { createClient, type Answer, type Client } from './server/client.ts';
import { inventPeople, logIn, register } from './server/people.ts';
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

const names = { login: 'a log-in', registration: 'a registration' };
type Kind = keyof typeof names;
type Round = Record<Kind | 'bare', Cost> & { loginsPerSecond: number; hashesPerSecond: number };

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

/** Log-ins and registrations, each of somebody else from another address. */
async function prepare(client: Client) {
  const known = inventPeople(24);
  for (const person of known) demandSuccess(await register(client, person));
  let turn = 0;
  const takeTurn = () => {
    turn += 1;
    return { turn, address: `10.1.${(turn >> 8) & 255}.${turn & 255}` };
  };
  const logInNext = () => {
    const { turn: index, address } = takeTurn();
    const person = known[index % known.length];
    if (!person) throw new Error('Nobody was invented.');
    return logIn(client, { ...person, address });
  };
  const registerNext = () => {
    const [person] = inventPeople(1);
    if (!person) throw new Error('Nobody was invented.');
    return register(client, { ...person, address: takeTurn().address });
  };
  return { logInNext, registerNext };
}

function compareCosts(rounds: Round[], kind: Kind, key: keyof Cost, name: string): Row {
  const median = (of: Kind | 'bare') =>
    findMedian(rounds.map((round) => round[of][key])).toFixed(0);
  return {
    measure: `${names[kind]}, ${name}`,
    yardstick: 'the bare hash',
    ratios: rounds.map((round) => round[kind][key] / round.bare[key]),
    target: { atMost: 1.1 },
    meaning: `${median(kind)} ms against ${median('bare')} ms.`,
  };
}

function compareFloods(rounds: Round[]): Row {
  const median = (key: 'loginsPerSecond' | 'hashesPerSecond') =>
    findMedian(rounds.map((round) => round[key])).toFixed(2);
  return {
    measure: `log-ins, ${cores * 2} at once, a second`,
    yardstick: `bare hashes on ${cores} cores`,
    ratios: rounds.map((round) => round.loginsPerSecond / round.hashesPerSecond),
    target: { atLeast: 0.9 },
    meaning: `${median('loginsPerSecond')} against ${median('hashesPerSecond')} a second.`,
  };
}

export const loginCost: Benchmark = {
  name: 'login-cost',
  title: 'What does a log-in cost beyond the hash of its password?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const { logInNext, registerNext } = await prepare(client);
    const { processId } = server;
    const runRound = async (): Promise<Round> => ({
      bare: await measureCost({ run: hash, processId: process.pid }),
      login: await measureCost({ run: logInNext, processId }),
      registration: await measureCost({ run: registerNext, processId }),
      hashesPerSecond: await countHashes(),
      loginsPerSecond: await measureAnswersPerSecond(logInNext, {
        concurrency: cores * 2,
        durationMs: FLOOD_MS,
      }),
    });
    await runRound();
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound());
    return [
      compareCosts(rounds, 'login', 'ms', 'time'),
      compareCosts(rounds, 'login', 'processorMs', 'processor time'),
      compareCosts(rounds, 'registration', 'ms', 'time'),
      compareCosts(rounds, 'registration', 'processorMs', 'processor time'),
      compareFloods(rounds),
    ];
  },
};
