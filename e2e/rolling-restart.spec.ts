/** Two processes on one database behind a real nginx, set up as the README says, are restarted in turn. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { nginx, startNginx } from './fixtures/nginx.ts';
import { describeUpstream } from './fixtures/readme-nginx.ts';
import { expect, test } from './fixtures/server-test.ts';
import { findFreePort } from './fixtures/server.ts';

test.skip(!nginx, 'There is no nginx: NGINX_PATH is not set.');
test.slow(true, 'Each process is restarted twice.');
// On a machine that is very busy a connection can still come in the instant in which a socket closes.
test.describe.configure({ retries: 1 });

const CLIENTS = 6;
const PAUSE_MS = 5;

/** One request after the other, pages and forms in turn, until it is stopped. */
async function keepAsking(origin: string, signal: AbortSignal, failures: string[]) {
  let count = 0;
  while (!signal.aborted) {
    count += 1;
    const isForm = count % 2 === 0;
    const options = { method: 'POST', headers: { origin }, body: new URLSearchParams() };
    const [address, init] = isForm ? [`${origin}/logout`, options] : [`${origin}/login`, {}];
    try {
      const answer = await fetch(address, { redirect: 'manual', ...init });
      await answer.text();
      if (answer.status !== (isForm ? 303 : 200)) failures.push(`${address} ${answer.status}`);
    } catch (error) {
      failures.push(`${address} ${String(error)}`);
    }
    await wait(PAUSE_MS);
  }
  return count;
}

test('no request fails while one process after the other is restarted', async ({
  startOwnServer,
}) => {
  const port = await findFreePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'latchkey-restart-'));
  const settings = {
    PUBLIC_URL: `http://localhost:${port}`,
    DATABASE_URL: `sqlite:${path.join(folder, 'latchkey.sqlite')}`,
  };
  const servers = [await startOwnServer(settings), await startOwnServer(settings)] as const;
  const [first, second] = servers.map(({ origin }) => Number(new URL(origin).port));
  const configuration = describeUpstream(port, [first ?? 0, second ?? 0]);
  const failures: string[] = [];
  {
    await using _nginx = await startNginx(port, () => configuration, { level: 'crit' });
    const stopping = new AbortController();
    const clients = Array.from({ length: CLIENTS }, () =>
      keepAsking(settings.PUBLIC_URL, stopping.signal, failures),
    );
    for (const server of [...servers, ...servers]) await server.restart();
    stopping.abort();
    const counts = await Promise.all(clients);
    test.info().annotations.push({ type: 'requests', description: String(counts) });
    expect(Math.min(...counts)).toBeGreaterThan(10);
  }
  expect(failures).toEqual([]);
  await Promise.all(servers.map((server) => server.end()));
  await rm(folder, { recursive: true });
});
