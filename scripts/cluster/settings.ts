import { spawnSync } from 'node:child_process';
import { isIPv6 } from 'node:net';

import { findFreePort } from '../ports.mjs';
import { pinnedNode, root, toolEnvironment } from '../workspace.mjs';

type Printed = {
  /** Empty where PUBLIC_URL is not set. */
  givenOrigin: string;
  host: string;
  port: number;
  databaseUrl: string;
  trustedProxies: number;
};

/** What the cluster takes of the settings of Latchkey, which its server's own reader reads. */
export type ClusterSettings = {
  host: string;
  port: number;
  /** As nginx writes where it listens. */
  place: string;
  publicOrigin: string;
  /** Where it is PostgreSQL. */
  databaseUrl: string | undefined;
  /** Of a server process, but for its port and database. */
  env: NodeJS.ProcessEnv;
};

/** Reads the settings from the environment and the file `.env`. Throws an Error that names every fault. */
export async function readSettings(): Promise<ClusterSettings> {
  const reader = spawnSync(pinnedNode, ['apps/api/src/print-settings.ts', '--json'], {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  if (reader.status !== 0) throw new Error(reader.stderr.trim() || String(reader.error));
  const { givenOrigin, host, port: wantedPort, ...printed } = JSON.parse(reader.stdout) as Printed;
  const port = wantedPort || (await findFreePort());
  const publicOrigin = givenOrigin || `http://localhost:${port}`;
  return {
    host,
    port,
    place: `${isIPv6(host) ? `[${host}]` : host}:${port}`,
    publicOrigin,
    databaseUrl: /^postgres/.test(printed.databaseUrl) ? printed.databaseUrl : undefined,
    env: toolEnvironment({
      HOST: '127.0.0.1',
      PUBLIC_URL: publicOrigin,
      // nginx stands in front of each process, besides whatever stands in front of nginx.
      TRUST_PROXY: String(printed.trustedProxies + 1),
    }),
  };
}
