import { availableParallelism } from 'node:os';
import { watchCpu, type CpuUse } from './measure/cpu.ts';
import { measureLatencies } from './measure/latency.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { collectRounds, type Rounds } from './measure/quiet.ts';
import { findMedian, findQuantile } from './measure/statistics.ts';
import { createClient, type Answer } from './server/client.ts';
import { createCallers, type Callers } from './server/callers.ts';
import { inventPeople, registerForCookies } from './server/people.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 5;
const CALLS_AT_ONCE = 8;
const QUESTION_INTERVAL_MS = 10;
const IDLE_QUESTIONS = 200;
const LOADED_QUESTIONS = 400;
const SATURATED_SHARE = 0.9;

/** What floods the server, in words for the table. */
type Flood = { under: string; meanwhile: string };
const floods = {
  login: { under: 'under log-ins', meanwhile: 'people log in' },
  registration: { under: 'under registrations', meanwhile: 'people register' },
} satisfies Record<keyof Callers, Flood>;

type Load = { done: number; refusals: number; cpu: CpuUse };
type Round = Load & { idleMs: number[]; loadedMs: number[] };

async function runRound(ask: () => Promise<Answer>, startLoad: StartLoad): Promise<Round> {
  const idleMs = await measureLatencies(ask, {
    intervalMs: QUESTION_INTERVAL_MS,
    count: IDLE_QUESTIONS,
  });
  const endLoad = await startLoad();
  const loadedMs = await measureLatencies(ask, {
    intervalMs: QUESTION_INTERVAL_MS,
    count: LOADED_QUESTIONS,
  });
  return { ...(await endLoad()), idleMs, loadedMs };
}

type StartLoad = () => Promise<() => Promise<Load>>;

/** Keeps so many calls under way until the returned function is called. */
function createLoad(call: () => Promise<Answer>, processId: number): StartLoad {
  return async () => {
    const load = { isOn: true, done: 0, refusals: 0 };
    const callOn = async () => {
      while (load.isOn) {
        const { status } = await call();
        load[status === 200 ? 'done' : 'refusals'] += 1;
      }
    };
    const running = Array.from({ length: CALLS_AT_ONCE }, callOn);
    const endWatch = await watchCpu(processId);
    return async () => {
      const cpu = await endWatch();
      load.isOn = false;
      const { done, refusals } = load;
      await Promise.all(running);
      return { done, refusals, cpu };
    };
  };
}

function listWarnings(rounds: Round[]): string[] {
  const cores = availableParallelism();
  const machineShare = findMedian(rounds.map(({ cpu }) => cpu.machineShare));
  const refusals = rounds.reduce((sum, round) => sum + round.refusals, 0);
  const processCores = findMedian(rounds.map(({ cpu }) => cpu.processCores ?? cores));
  return [
    ...(machineShare < SATURATED_SHARE
      ? [`The load did not saturate the machine: ${Math.round(machineShare * 100)} % was busy.`]
      : []),
    ...(processCores < SATURATED_SHARE * cores
      ? [`The server had ${processCores.toFixed(1)} of ${cores} cores.`]
      : []),
    ...(refusals > 0 ? [`${refusals} calls were refused.`] : []),
  ];
}

function describeShare(
  { rounds, warnings }: Rounds<Round>,
  { under, meanwhile }: Flood,
  share: number,
): Row {
  const idle = rounds.map(({ idleMs }) => findQuantile(idleMs, share));
  const loaded = rounds.map(({ loadedMs }) => findQuantile(loadedMs, share));
  const done = rounds.reduce((sum, round) => sum + round.done, 0);
  return {
    measure: `auth.session ${under}, ${share > 0.5 ? '99th percentile' : 'median'}`,
    yardstick: 'idle',
    ratios: loaded.map((ms, index) => ms / (idle[index] ?? Number.NaN)),
    ...(share > 0.5 && { target: { atMost: 3 } }),
    meaning:
      `${findMedian(loaded).toFixed(1)} ms while ${CALLS_AT_ONCE} ${meanwhile} at any time ` +
      `(${done} did), ${findMedian(idle).toFixed(1)} ms when nothing else happens.`,
    warnings: [...warnings, ...listWarnings(rounds)],
  };
}

export const sessionUnderLoad: Benchmark = {
  name: 'session-under-load',
  title: 'Does a signed-in person notice that others log in or register?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const [member] = inventPeople(1);
    if (!member) return [];
    const cookie = await registerForCookies(client, member);
    const callers = await createCallers(client);
    const ask = () => client.ask({ path: '/trpc/auth.session', headers: { cookie } });
    const rows: Row[] = [];
    for (const kind of ['login', 'registration'] as const) {
      const startLoad = createLoad(callers[kind], server.processId);
      const found = await collectRounds(() => runRound(ask, startLoad), ROUNDS);
      rows.push(...[0.5, 0.99].map((share) => describeShare(found, floods[kind], share)));
    }
    return rows;
  },
};
