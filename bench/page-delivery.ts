import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureSpeed, type Speed } from './measure/throughput.ts';
import { createClient, type Client } from './server/client.ts';
import { inventPeople, registerForCookies } from './server/people.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 9;
const load = { concurrency: 8, durationMs: 500 };

const names = {
  healthz: '/healthz',
  publicPage: 'a public page',
  membersPage: "a members' page",
  session: 'auth.session',
};
type Kind = keyof typeof names;
type Questions = Record<Kind, () => ReturnType<Client['ask']>>;
type Round = Record<Kind, Speed>;

function listQuestions(client: Client, cookie: string): Questions {
  const headers = { cookie };
  return {
    healthz: () => client.ask({ path: '/healthz' }),
    publicPage: () => client.ask({ path: '/' }),
    membersPage: () => client.ask({ path: '/secrets', headers }),
    session: () => client.ask({ path: '/trpc/auth.session', headers }),
  };
}

async function runRound(questions: Questions, processId: number): Promise<Round> {
  const measure = (kind: Kind) => measureSpeed(questions[kind], processId, load);
  return {
    healthz: await measure('healthz'),
    publicPage: await measure('publicPage'),
    membersPage: await measure('membersPage'),
    session: await measure('session'),
  };
}

const getSpeed = ({ perCoreSecond, perSecond }: Speed) => perCoreSecond ?? perSecond;

function compare(rounds: Round[], measure: Kind, yardstick: Kind): Row {
  const describe = (kind: Kind) => {
    const perCoreSecond = findMedian(rounds.map((round) => getSpeed(round[kind])));
    const perSecond = findMedian(rounds.map((round) => round[kind].perSecond));
    return `${perCoreSecond.toFixed(0)} (${perSecond.toFixed(0)} a second by the clock)`;
  };
  return {
    measure: `${names[measure]}, answers for a second of the server's processor time`,
    yardstick: names[yardstick],
    ratios: rounds.map((round) => getSpeed(round[measure]) / getSpeed(round[yardstick])),
    meaning: `${describe(measure)} against ${describe(yardstick)}.`,
  };
}

export const pageDelivery: Benchmark = {
  name: 'page-delivery',
  title: 'What does it cost to know who asks?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const [member] = inventPeople(1);
    if (!member) return [];
    const questions = listQuestions(client, await registerForCookies(client, member));
    await runRound(questions, server.processId);
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound(questions, server.processId));
    return [
      compare(rounds, 'membersPage', 'publicPage'),
      compare(rounds, 'publicPage', 'healthz'),
      compare(rounds, 'session', 'healthz'),
    ];
  },
};
