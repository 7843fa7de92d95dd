import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark, Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import type { Speed } from './measure/throughput.ts';
import { demandWrk, measureWithWrk, type Load } from './measure/wrk.ts';
import { createClient, type Answer } from './server/client.ts';
import { createSessions, writeCookies } from './server/create-sessions.ts';
import { startBareServer } from './server/start-bare-server.ts';
import { startBetterAuth, startFlaskLogin, type Crowd, type Peer } from './server/start-peer.ts';
import { startServer } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 7;
const SECONDS = 3;
const CONNECTIONS = 32;
const crowd: Crowd = { people: 1000, sessions: 10_000 };

type Contestant = { name: string; speeds: Speed[]; load: Load };

async function startOurs(folder: string): Promise<Peer> {
  const first = await startServer({ DATA_DIR: folder });
  await first[Symbol.asyncDispose]();
  const tokens = await createSessions(`sqlite:${join(folder, 'latchkey.sqlite')}`, crowd);
  // Nothing is to slide meanwhile: a write that comes once a minute belongs to no look-up.
  const server = await startServer({ DATA_DIR: folder, SESSION_TOUCH_SECONDS: '900' });
  const { port } = new URL(server.publicOrigin);
  const cookieFile = join(folder, 'cookies.txt');
  await writeFile(cookieFile, writeCookies(tokens, port));
  return { ...server, cookieFile };
}

/** The answer to one of the signed-in browsers, which has to name its person. */
async function askOnce({ address, cookieFile }: Peer, path: string): Promise<Answer> {
  using client = createClient({ address, publicOrigin: address });
  const [cookie = ''] = (await readFile(cookieFile, 'utf8')).split('\n');
  const ask = (headers: Record<string, string>) =>
    client.ask({ path, headers: { 'user-agent': 'bench', ...headers } });
  const answer = await ask({ cookie });
  const stranger = await ask({});
  if (!answer.body.includes('@bench.example') || stranger.body.includes('@bench.example')) {
    throw new Error(`${address} does not know its people: ${answer.body}`);
  }
  return answer;
}

const getSpeed = ({ perSecond }: Speed) => perSecond;

function compare(ours: Contestant, { name, speeds }: Contestant): Row {
  const median = (values: Speed[]) => findMedian(values.map(getSpeed)).toFixed(0);
  return {
    measure: 'auth.session, signed in, answers a second',
    yardstick: name,
    ratios: ours.speeds.map((speed, round) => {
      const other = speeds[round];
      return other ? getSpeed(speed) / getSpeed(other) : NaN;
    }),
    meaning: `${median(ours.speeds)} against ${median(speeds)}.`,
  };
}

export const sessionCheck: Benchmark = {
  name: 'session-check',
  title: 'How many signed-in requests a second, beside others?',
  async run() {
    await demandWrk();
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await createTemporaryFolder());
    const ours = stack.use(await startOurs(folder.path));
    const betterAuth = stack.use(await startBetterAuth(crowd));
    const flaskLogin = stack.use(await startFlaskLogin(crowd));
    const path = '/trpc/auth.session';
    const answer = await askOnce(ours, path);
    await askOnce(betterAuth, '/api/auth/get-session');
    await askOnce(flaskLogin, '/session');
    const bare = stack.use(await startBareServer(answer));
    const enter = (
      name: string,
      { address, cookieFile, processId }: Pick<Peer, 'address' | 'cookieFile' | 'processId'>,
      question: string,
    ): Contestant => ({
      name,
      speeds: [],
      load: {
        url: address + question,
        cookieFile,
        processId,
        connections: CONNECTIONS,
        seconds: SECONDS,
      },
    });
    const us = enter('Latchkey', ours, path);
    const others = [
      enter("Better Auth's get-session", betterAuth, '/api/auth/get-session'),
      enter('Flask-Login with gunicorn', flaskLogin, '/session'),
      enter('bare node:http with the same bytes', { ...bare, cookieFile: ours.cookieFile }, path),
    ];
    const all = [us, ...others];
    for (const { load } of all) await measureWithWrk(load);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { load, speeds } of all) speeds.push(await measureWithWrk(load));
    }
    return others.map((other) => compare(us, other));
  },
};
