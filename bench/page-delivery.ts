import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { measureSpeed, type Speed } from './measure/throughput.ts';
import { createClient, type Client } from './server/client.ts';
import { inventPeople, registerForCookies } from './server/people.ts';
import { startBareServer } from './server/start-bare-server.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 9;
const load = { concurrency: 8, durationMs: 500 };

const names = {
  publicPage: 'a public page, compressed',
  membersPage: "a members' page, compressed",
  session: 'auth.session',
};
type Kind = keyof typeof names;
type Question = { ask: () => ReturnType<Client['ask']>; processId: number };
/** The server's and the yardstick's, which answers with the same bytes. */
type Pair = { ours: Question; bare: Question };
type Round = Record<Kind, { ours: Speed; bare: Speed }>;

const getSpeed = ({ perCoreSecond, perSecond }: Speed) => perCoreSecond ?? perSecond;

async function measurePair({ ours, bare }: Pair): Promise<Round[Kind]> {
  return {
    ours: await measureSpeed(ours.ask, ours.processId, load),
    bare: await measureSpeed(bare.ask, bare.processId, load),
  };
}

async function runRound(pairs: Record<Kind, Pair>): Promise<Round> {
  return {
    publicPage: await measurePair(pairs.publicPage),
    membersPage: await measurePair(pairs.membersPage),
    session: await measurePair(pairs.session),
  };
}

const describe = (speeds: Speed[]) =>
  `${findMedian(speeds.map(getSpeed)).toFixed(0)} (${findMedian(speeds.map(({ perSecond }) => perSecond)).toFixed(0)} a second by the clock)`;

function compareWithBare(rounds: Round[], kind: Kind): Row {
  const speeds = rounds.map((round) => round[kind]);
  return {
    measure: `${names[kind]}, answers for a second of the server's processor time`,
    yardstick: 'bare node:http with the same bytes',
    ratios: speeds.map(({ ours, bare }) => getSpeed(ours) / getSpeed(bare)),
    meaning: `${describe(speeds.map(({ ours }) => ours))} against ${describe(speeds.map(({ bare }) => bare))}.`,
  };
}

export const pages: Benchmark = {
  name: 'pages',
  title: 'What does a page cost, public and personal?',
  async run() {
    await using folder = await createTemporaryFolder();
    await using server = await startServer({ DATA_DIR: folder.path });
    using client = createClient(server);
    const [member] = inventPeople(1);
    if (!member) return [];
    const headers = { cookie: await registerForCookies(client, member) };
    await using stack = new AsyncDisposableStack();
    const pair = async (question: Parameters<Client['ask']>[0]): Promise<Pair> => {
      const ask = () => client.ask(question);
      const bare = stack.use(await startBareServer(await ask()));
      const bareClient = stack.use(createClient(bare));
      return {
        ours: { ask, processId: server.processId },
        bare: { ask: () => bareClient.ask(question), processId: bare.processId },
      };
    };
    const pairs = {
      publicPage: await pair({ path: '/' }),
      membersPage: await pair({ path: '/secrets', headers }),
      session: await pair({ path: '/trpc/auth.session', headers }),
    };
    await runRound(pairs);
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) rounds.push(await runRound(pairs));
    return [
      compareWithBare(rounds, 'publicPage'),
      compareWithBare(rounds, 'membersPage'),
      compareWithBare(rounds, 'session'),
    ];
  },
};
