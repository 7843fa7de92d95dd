import { tryToListen } from '../ports.mjs';
import { createCluster } from './cluster.ts';
import { readSettings, type ClusterSettings } from './settings.ts';

// usage: NGINX_PATH=PATH node scripts/cluster/main.ts COUNT, which scripts/cluster.mjs runs

/** Ctrl-C comes from the terminal and once more through npm: that is one signal. */
const ECHO_MS = 300;

const causes: Record<string, string> = {
  EADDRINUSE: 'another program uses this port. Stop that program, or set PORT to another number.',
  EACCES: 'this user may not use this port. Set PORT to 1024 or more.',
};

async function demandPlace({ host, port, place }: ClusterSettings): Promise<void> {
  try {
    await tryToListen(port, host);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Error(`Latchkey cannot listen at ${place}: ${causes[code] ?? message}`, {
      cause: error,
    });
  }
}

async function run(count: number): Promise<string> {
  const settings = await readSettings();
  await demandPlace(settings);
  const nginx = process.env['NGINX_PATH'] ?? '';
  const cluster = createCluster({ count, nginx, ...settings });
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  endOnSignals(() => end(''), cluster.kill);
  const started = cluster.start().then((fault) => {
    if (fault === null) tellReady(settings);
    else end(fault);
  });
  void cluster.failed.then(end);
  restartOnSignal(started, cluster.restartInTurn);
  const fault = await ended;
  await cluster.stop();
  return fault;
}

function endOnSignals(end: () => void, kill: () => void): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        console.log('Stopping after open requests finish. Press Ctrl-C again to stop at once.');
        end();
      } else if (now - firstAt > ECHO_MS) {
        kill();
        process.exit(1);
      }
    });
  }
}

function restartOnSignal(started: Promise<void>, restartInTurn: () => Promise<void>): void {
  let restarted = started;
  process.on('SIGUSR2', () => {
    restarted = restarted.then(async () => {
      console.log('One process after the other is restarted.');
      await restartInTurn();
      console.log('Every process has been restarted.');
    });
  });
}

function tellReady({ databaseUrl, publicOrigin }: ClusterSettings): void {
  if (!databaseUrl) console.log('This database is temporary: it goes when the cluster stops.');
  console.log(`To restart one process after the other: kill -USR2 ${process.pid}`);
  console.log(`Latchkey is at ${publicOrigin}. Ctrl-C stops everything.`);
}

try {
  const fault = await run(Number(process.argv[2]));
  if (fault) console.error(`\nlatchkey: ${fault}`);
  process.exit(fault ? 1 : 0);
} catch (error) {
  console.error(`\nlatchkey: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
