/** Two processes on one database behind a real nginx, set up and restarted in turn as docs/deploy.md says. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { keepAsking } from './fixtures/load.ts';
import { nginx, startNginx } from './fixtures/nginx.ts';
import { describeRollingRestart, describeUpstream } from './fixtures/guide-nginx.ts';
import { expect, test } from './fixtures/server-test.ts';
import { findFreePort, type Server } from './fixtures/server.ts';

test.skip(!nginx, 'There is no nginx: NGINX_PATH is not set.');
test.slow(true, 'Each process is restarted twice.');

const CLIENTS = 6;

/** Does what the script leaves to systemd: a GET of `/latchkey@PORT` restarts that process. */
async function serveSystemd(servers: readonly Server[]) {
  const listener = createServer((asked, answer) => {
    const server = servers.find(({ origin }) => asked.url === `/latchkey@${new URL(origin).port}`);
    const restarted = server ? server.restart() : Promise.reject(new Error(asked.url));
    restarted.then(
      () => answer.end(),
      () => answer.writeHead(500).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return Object.assign(listener, { port: (listener.address() as { port: number }).port });
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
  const [first = 0, second = 0] = servers.map(({ origin }) => Number(new URL(origin).port));
  const failures: string[] = [];
  {
    const configuration = describeUpstream(port, [first, second]);
    await using proxy = await startNginx(port, () => configuration, { level: 'crit' });
    await using systemd = await serveSystemd(servers);
    const commands = `
      nginx() { '${nginx}' -p '${proxy.folder}' -e stderr -c '${proxy.configFile}' "$@"; }
      systemctl() { curl --fail --silent --show-error "http://127.0.0.1:${systemd.port}/$2"; }
      ${describeRollingRestart([first, second], proxy)}`;
    const stopping = new AbortController();
    const clients = Array.from({ length: CLIENTS }, () =>
      keepAsking(settings.PUBLIC_URL, stopping.signal, failures),
    );
    for (let round = 0; round < 2; round += 1) await promisify(execFile)('sh', ['-c', commands]);
    stopping.abort();
    const counts = await Promise.all(clients);
    test.info().annotations.push({ type: 'requests', description: String(counts) });
    expect(Math.min(...counts)).toBeGreaterThan(10);
  }
  expect(failures).toEqual([]);
  await Promise.all(servers.map((server) => server.end()));
  await rm(folder, { recursive: true });
});
