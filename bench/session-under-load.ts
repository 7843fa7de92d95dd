import { availableParallelism } from 'node:os';
import { watchCpu, type CpuUse } from './measure/cpu.ts';
import { measureLatencies } from './measure/latency.ts';
import type { Benchmark, Row } from './measure/ratio.ts';
import { collectRounds, type Rounds } from './measure/quiet.ts';
import { findMedian, findQuantile } from './measure/statistics.ts';
import { createClient, type Client } from './server/client.ts';
import { inventPeople, logIn, registerForCookies, type Person } from './server/people.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 5;
const LOGINS_AT_ONCE = 8;
/** More than are logged in at once, so that no account's log-ins overlap. */
const PEOPLE = 24;
const QUESTION_INTERVAL_MS = 10;
const IDLE_QUESTIONS = 200;
const LOADED_QUESTIONS = 400;
const SATURATED_SHARE = 0.9;

type Load = { logins: number; refusals: number; cpu: CpuUse };
type Round = Load & { idleMs: number[]; loadedMs: number[] };

async function runRound(
  ask: () => ReturnType<Client['ask']>,
  startLoad: StartLoad,
): Promise<Round> {
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

/** Keeps log-ins under way, each with the right password, until the returned function is called. */
function createLoad(client: Client, people: Person[], processId: number): StartLoad {
  let turn = 0;
  return async () => {
    const load = { isOn: true, logins: 0, refusals: 0 };
    const logInOn = async () => {
      while (load.isOn) {
        turn += 1;
        const person = people[turn % people.length];
        if (!person) return;
        // Log-ins come from everywhere; the same address again would meet its limit.
        const address = `10.1.${(turn >> 8) & 255}.${turn & 255}`;
        const { status } = await logIn(client, { ...person, address });
        load[status === 200 ? 'logins' : 'refusals'] += 1;
      }
    };
    const running = Array.from({ length: LOGINS_AT_ONCE }, logInOn);
    const endWatch = await watchCpu(processId);
    return async () => {
      const cpu = await endWatch();
      load.isOn = false;
      const { logins, refusals } = load;
      await Promise.all(running);
      return { logins, refusals, cpu };
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
      ? [`The log-ins did not saturate the machine: ${Math.round(machineShare * 100)} % was busy.`]
      : []),
    ...(processCores < SATURATED_SHARE * cores
      ? [`The server had ${processCores.toFixed(1)} of ${cores} cores.`]
      : []),
    ...(refusals > 0 ? [`${refusals} log-ins were refused.`] : []),
  ];
}

function describeShare({ rounds, warnings }: Rounds<Round>, share: number, name: string): Row {
  const idle = rounds.map(({ idleMs }) => findQuantile(idleMs, share));
  const loaded = rounds.map(({ loadedMs }) => findQuantile(loadedMs, share));
  const logins = rounds.reduce((sum, round) => sum + round.logins, 0);
  return {
    measure: `auth.session under log-ins, ${name}`,
    yardstick: 'idle',
    ratios: loaded.map((ms, index) => ms / (idle[index] ?? Number.NaN)),
    ...(share > 0.5 && { target: { atMost: 3 } }),
    meaning:
      `${findMedian(loaded).toFixed(1)} ms while ${LOGINS_AT_ONCE} people log in at any time ` +
      `(${logins} did), ${findMedian(idle).toFixed(1)} ms when nothing else happens.`,
    warnings: [...warnings, ...listWarnings(rounds)],
  };
}

export const sessionUnderLoad: Benchmark = {
  name: 'session-under-load',
  title: 'Does a signed-in person notice that others log in?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const [member, ...people] = inventPeople(PEOPLE + 1);
    if (!member) return [];
    const cookie = await registerForCookies(client, member);
    await Promise.all(people.map((person) => registerForCookies(client, person)));
    const ask = () => client.ask({ path: '/trpc/auth.session', headers: { cookie } });
    const startLoad = createLoad(client, people, server.processId);
    const rounds = await collectRounds(() => runRound(ask, startLoad), ROUNDS);
    return [describeShare(rounds, 0.5, 'median'), describeShare(rounds, 0.99, '99th percentile')];
  },
};
