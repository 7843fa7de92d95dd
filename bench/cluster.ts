import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SkipError, type Benchmark, type Row } from './measure/ratio.ts';
import { findMedian } from './measure/statistics.ts';
import { demandWrk, measureWithWrk, type Load } from './measure/wrk.ts';
import { createSessions, writeCookies } from './server/create-sessions.ts';
import { startCluster } from './server/start-cluster.ts';
import type { Crowd } from './server/start-peer.ts';
import { startPostgres } from './server/start-postgres.ts';
import { buildFixture } from './server/start-server.ts';
import { createTemporaryFolder } from './server/temporary-folder.ts';

const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 32;
const counts = [1, 2, 3] as const;
/** Of processes, PostgreSQL, nginx and wrk: each takes a core where there are many. */
const CORES_FOR_ALL = 6;
const crowd: Crowd = { people: 1000, sessions: 10_000 };

type Contestant = { count: number; load: Load; perSecond: number[] };

/** Answers to strangers are quick, so the people of the cookies have to be known. */
async function demandPeople({ load: { url, cookieFile } }: Contestant): Promise<void> {
  const [cookie = ''] = (await readFile(cookieFile, 'utf8')).split('\n');
  const answer = await fetch(url, { headers: { cookie, 'user-agent': 'bench' } });
  const body = await answer.text();
  if (!body.includes('@bench.example')) throw new Error(`${url} knows nobody: ${body}`);
}

function compare(one: Contestant, { count, perSecond }: Contestant): Row {
  const cores = availableParallelism();
  return {
    measure: `auth.session, signed in, ${count} processes behind nginx`,
    yardstick: '1 process behind nginx',
    ratios: perSecond.map((speed, round) => speed / (one.perSecond[round] ?? NaN)),
    meaning: `${findMedian(perSecond).toFixed(0)} answers a second against ${findMedian(one.perSecond).toFixed(0)}, on PostgreSQL.`,
    warnings:
      cores < CORES_FOR_ALL
        ? [`This machine has ${cores} cores, which the processes share with PostgreSQL and nginx.`]
        : [],
  };
}

export const cluster: Benchmark = {
  name: 'cluster',
  title: 'What does each added process bring?',
  async run() {
    await demandWrk();
    const nginx = process.env['NGINX_PATH'];
    if (!nginx) throw new SkipError('nginx is not there. Install it, or set NGINX_PATH to one.');
    await buildFixture();
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await createTemporaryFolder());
    const postgres = stack.use(await startPostgres());
    // Nothing is to slide meanwhile: a write that comes once a minute belongs to no look-up.
    const settings = {
      DATA_DIR: folder.path,
      DATABASE_URL: postgres.url,
      NGINX_PATH: nginx,
      TRUST_PROXY: '0',
      SESSION_TOUCH_SECONDS: '900',
    };
    const clusters = [];
    for (const count of counts) clusters.push(stack.use(await startCluster(count, settings)));
    const tokens = await createSessions(postgres.url, crowd);
    const all = await Promise.all(
      clusters.map(async ({ address, processId }, index): Promise<Contestant> => {
        const count = counts[index] ?? NaN;
        const cookieFile = join(folder.path, `cookies-${count}.txt`);
        await writeFile(cookieFile, writeCookies(tokens, new URL(address).port));
        const load = { connections: CONNECTIONS, seconds: SECONDS, cookieFile, processId };
        return { count, perSecond: [], load: { ...load, url: `${address}/trpc/auth.session` } };
      }),
    );
    for (const contestant of all) {
      await demandPeople(contestant);
      await measureWithWrk(contestant.load);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { load, perSecond } of all) {
        perSecond.push((await measureWithWrk(load)).perSecond);
      }
    }
    const [one, ...others] = all;
    return one ? others.map((other) => compare(one, other)) : [];
  },
};
