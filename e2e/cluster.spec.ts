/** The processes of `npm run cluster`: a PostgreSQL of their own, and nginx in front. */
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startCluster, type Cluster } from './fixtures/cluster.ts';
import { callApi, createMember, createSend, readCookies } from './fixtures/http.ts';
import { keepAsking } from './fixtures/load.ts';
import { nginx } from './fixtures/nginx.ts';
import { createPerson } from './fixtures/people.ts';
import { createClientAddress, expect, test as serverTest } from './fixtures/server-test.ts';

const test = serverTest.extend<object, { cluster: Cluster }>({
  cluster: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are needed from the pattern
    async ({}, use) => {
      const cluster = await startCluster(3);
      await use(cluster);
      await cluster.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.skip(!nginx, 'There is no nginx: NGINX_PATH is not set.');
test.slow(true, 'Processes are killed and started again.');
// One cluster is enough for all.
test.describe.configure({ mode: 'default' });

const CLIENTS = 6;
/** So many answers say that requests are under way. */
const SOME_ANSWERS = 10;
const POLL_MS = 20;

const listOrigins = (cluster: Cluster) =>
  cluster.listServers().map(({ place }) => `http://${place}`);

/** Whose session it is, asked of one process. */
async function findEmail(origin: string, cookie: string): Promise<string | undefined> {
  const answer = await createSend(origin, { cookie })('/trpc/auth.session');
  const { result } = (await answer.json()) as {
    result?: { data: { user: { email: string } } | null };
  };
  return result?.data?.user.email;
}

async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(POLL_MS);
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

async function findParent(processId: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=', '-p', String(processId)]);
  return Number(stdout);
}

test('all start together on an empty database, and the migrations run once', ({ cluster }) => {
  expect(cluster.listServers().map(({ name }) => name)).toEqual([
    'process 1',
    'process 2',
    'process 3',
  ]);
  // A migration that runs twice fails, and its process ends.
  expect(cluster.readOutput()).not.toContain('has ended');
});

test('one log-in is valid in all processes, and its end holds in all', async ({ cluster }) => {
  const { person, cookie } = await createMember(cluster.origin);
  const origins = listOrigins(cluster);
  const before = await Promise.all(origins.map((origin) => findEmail(origin, cookie)));
  expect(before).toEqual(origins.map(() => person.email));
  const [first = ''] = origins;
  const answer = await callApi(createSend(first, { cookie }), cluster.origin, 'auth.logout');
  expect(answer.status).toBe(200);
  const after = await Promise.all(origins.map((origin) => findEmail(origin, cookie)));
  expect(after).toEqual(origins.map(() => undefined));
});

test('wrong passwords are counted over all processes', async ({ cluster }) => {
  const { person } = await createMember(cluster.origin);
  const input = { identifier: person.email, password: 'not the right one at all' };
  const statuses: number[] = [];
  for (const origin of [1, 2, 3].flatMap(() => listOrigins(cluster))) {
    const answer = await callApi(createSend(origin), cluster.origin, 'auth.login', input);
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429]);
});

for (const [count, place] of [
  [30, 'as many addresses'],
  [25, 'one address'],
] as const) {
  test(`${count} right log-ins to one account at once, from ${place}, all get in`, async ({
    cluster,
  }) => {
    const { person } = await createMember(cluster.origin);
    const { email: identifier, password } = person;
    const address = createClientAddress();
    const headers = place === 'one address' ? { 'x-forwarded-for': address } : {};
    const origins = listOrigins(cluster);
    const answers = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        callApi(
          createSend(origins[index % origins.length] ?? '', headers),
          cluster.origin,
          'auth.login',
          { identifier, password },
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
}

test('no request fails while one process after the other is restarted', async ({ cluster }) => {
  const idsBefore = cluster.listServers().map(({ processId }) => processId);
  const failures: string[] = [];
  const stopping = new AbortController();
  const clients = Array.from({ length: CLIENTS }, () =>
    keepAsking(cluster.origin, stopping.signal, failures),
  );
  await cluster.restartInTurn();
  stopping.abort();
  const counts = await Promise.all(clients);
  expect(Math.min(...counts)).toBeGreaterThan(SOME_ANSWERS);
  expect(failures).toEqual([]);
  const idsAfter = cluster.listServers().map(({ processId }) => processId);
  expect(idsAfter.filter((id) => idsBefore.includes(id))).toEqual([]);
});

test('nothing that was answered is lost when a process is killed', async ({ cluster }) => {
  const answered: { email: string; cookie: string }[] = [];
  const pages: number[] = [];
  const stopping = new AbortController();
  const register = async () => {
    while (!stopping.signal.aborted) {
      const person = createPerson();
      const send = createSend(cluster.origin);
      const answer = await callApi(send, cluster.origin, 'auth.register', person);
      // Of a registration that is cut off nobody knows whether it was carried out: nginx says 502.
      if (answer.status === 200) answered.push({ ...person, cookie: readCookies(answer) });
      else expect(answer.status).toBe(502);
      pages.push((await send('/login')).status);
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, register));
  await waitUntil(() => answered.length > SOME_ANSWERS);
  const isBack = cluster.waitForLine(/^process 2 is ready/);
  process.kill(cluster.findPart('process 2').processId, 'SIGKILL');
  await isBack;
  const countWhenBack = answered.length;
  await waitUntil(() => answered.length > countWhenBack + SOME_ANSWERS);
  stopping.abort();
  await clients;
  expect(pages.filter((status) => status !== 200)).toEqual([]);
  for (const { email, cookie } of answered) {
    expect(await findEmail(cluster.origin, cookie)).toBe(email);
  }
});

test('while PostgreSQL is restarted the answer is 503 with Retry-After, and all comes back by itself', async ({
  cluster,
}) => {
  const { person, cookie } = await createMember(cluster.origin);
  const send = createSend(cluster.origin, { cookie });
  const idsBefore = cluster.listServers().map(({ processId }) => processId);
  const answers: { status: number; retryAfter: string | null }[] = [];
  const stopping = new AbortController();
  const keepAskingForData = async () => {
    while (!stopping.signal.aborted) {
      const { status, headers } = await send('/trpc/auth.session');
      answers.push({ status, retryAfter: headers.get('retry-after') });
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, keepAskingForData));
  await waitUntil(() => answers.length > SOME_ANSWERS);
  const postgres = cluster.findPart('PostgreSQL').processId;
  // What starts it again is held up, so that it is away long enough to be missed.
  const keeper = await findParent(postgres);
  process.kill(keeper, 'SIGSTOP');
  const isBack = cluster.waitForLine(/^PostgreSQL is ready/);
  process.kill(postgres, 'SIGINT');
  await waitUntil(() => answers.some(({ status }) => status !== 200));
  expect((await send('/login')).status).toBe(200);
  process.kill(keeper, 'SIGCONT');
  await isBack;
  await waitUntil(() => answers.at(-1)?.status === 200);
  stopping.abort();
  await clients;
  const failed = answers.filter(({ status }) => status !== 200);
  expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([503]));
  expect(failed.filter(({ retryAfter }) => !Number(retryAfter))).toEqual([]);
  for (const origin of listOrigins(cluster)) {
    await waitUntil(async () => (await findEmail(origin, cookie)) === person.email);
  }
  expect(cluster.listServers().map(({ processId }) => processId)).toEqual(idsBefore);
});

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`nothing is left running after ${signal}`, async () => {
    const cluster = await startCluster(1);
    const ids = ['PostgreSQL', 'process 1', 'nginx'].map(
      (name) => cluster.findPart(name).processId,
    );
    expect(ids.every(isAlive)).toBe(true);
    expect(await cluster.endBy(signal)).toBe(signal === 'SIGINT' ? 0 : null);
    await waitUntil(() => !ids.some(isAlive));
    await cluster.cleanUp();
  });
}
