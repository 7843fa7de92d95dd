import { findFreePort } from '../ports.mjs';
import { end, receive, startKeeper, type Child } from './children.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export type ClusterOptions = {
  /** How many server processes. */
  count: number;
  /** Path of nginx. */
  nginx: string;
  /** Where nginx listens, such as `127.0.0.1:3000`. */
  place: string;
  /** Of a PostgreSQL that is there; without it one is started. */
  databaseUrl: string | undefined;
  /** Of the server processes. */
  env: NodeJS.ProcessEnv;
};

export type Cluster = {
  /** Starts everything. Gives a sentence where something did not come up. */
  start: () => Promise<string | null>;
  /** Resolves with a sentence once something ended that the others cannot do without. */
  failed: Promise<string>;
  /** Restarts one server process after the other. nginx sends nothing to one that ends. */
  restartInTurn: () => Promise<void>;
  /** Ends everything once open requests are answered. */
  stop: () => Promise<void>;
  /** Ends the server processes at once. The others end when this process has ended. */
  kill: () => void;
};

type Database = { url: string; processId: number };

/** PostgreSQL, server processes and nginx, to be started. */
export function createCluster({ count, nginx, place, databaseUrl, env }: ClusterOptions): Cluster {
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>();
  let postgres: Child | undefined;
  let proxy: Child | undefined;
  let servers: ServerProcess[] = [];

  async function startPostgres(): Promise<string | null> {
    postgres = startKeeper('PostgreSQL', 'packages/db/src/testing/keep-postgres.ts');
    const found = await receive<Database>(postgres);
    if (!found) return null;
    const report = ({ url, processId }: Database) =>
      console.log(`PostgreSQL is ready at ${new URL(url).host}, process id ${processId}`);
    report(found);
    postgres.process.on('message', report);
    void postgres.ended.then(() => fail('PostgreSQL has ended and could not be started again.'));
    return found.url;
  }

  async function startServers(url: string): Promise<boolean> {
    servers = await Promise.all(
      Array.from({ length: count }, async (_, index) =>
        createServerProcess(`process ${index + 1}`, await findFreePort(), {
          ...env,
          DATABASE_URL: url,
        }),
      ),
    );
    // All at the same moment: who comes first migrates, and the others wait for it.
    const areReady = await Promise.all(servers.map((server) => server.start()));
    return areReady.every(Boolean);
  }

  /** Gives the process id of nginx, or null where it did not start. */
  async function configureProxy(down?: ServerProcess): Promise<number | null> {
    if (!proxy) return null;
    const configured = receive<{ processId: number }>(proxy);
    proxy.process.send(servers.map((server) => ({ port: server.port, isDown: server === down })));
    return (await configured)?.processId ?? null;
  }

  async function start(): Promise<string | null> {
    const url = databaseUrl ?? (await startPostgres());
    if (url === null) return 'PostgreSQL did not start. The lines above say why.';
    if (!databaseUrl) console.log(`DATABASE_URL=${url}`);
    if (!(await startServers(url))) {
      return 'A server process did not start. The lines above say why.';
    }
    proxy = startKeeper('nginx', 'scripts/cluster/keep-nginx.ts', [nginx, place]);
    const processId = await configureProxy();
    if (processId === null) return 'nginx did not start. The lines above say why.';
    console.log(`nginx is ready at ${place}, process id ${processId}`);
    void proxy.ended.then(() => fail('nginx has ended and could not be started again.'));
    return null;
  }

  async function restartInTurn(): Promise<void> {
    for (const server of servers) {
      await configureProxy(server);
      await server.restart();
      await configureProxy();
    }
  }

  async function stop(): Promise<void> {
    if (proxy) await end(proxy);
    await Promise.all(servers.map((server) => server.stop()));
    if (postgres) await end(postgres);
  }

  const kill = () => servers.forEach((server) => server.kill());
  return { start, failed, restartInTurn, stop, kill };
}
