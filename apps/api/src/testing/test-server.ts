import type { Dialect } from '@latchkey/db';
import { createTestDatabase } from '@latchkey/db/testing';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import type { ErrorDetails } from '@latchkey/shared';
import type { AddressInfo } from 'node:net';
import { createServerDeps } from '../create-server-deps.ts';
import { createCheckup } from '../doctor/checkup.ts';
import {
  createPasswordHasher,
  openHashThreads,
  type PasswordHasher,
} from '../passwords/password-hasher.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { createLog } from '../process/log.ts';
import { buildServer } from '../server.ts';
import { parseSettings, type Settings } from '../settings/settings.ts';
import type { AppRouter } from '../trpc/router.ts';
import { Browser } from './browser.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { fixtureSite } from './fixture-site.ts';

/** Cheap enough for tests; everything else is as in production. */
const cheapPasswords = { PASSWORD_SCRYPT_LOG2N: '10' };

/** By the settings that they depend on; they end with the process of the test file. */
const hashThreads = new Map<string, ReturnType<typeof openHashThreads>>();

/**
 * A hasher of the server's own, in threads that the servers of a test file share: each new thread would
 * load its program anew.
 */
function createSharingHasher(settings: Settings['password']): PasswordHasher {
  const key = `${settings.concurrency} ${settings.queueLength}`;
  const threads = hashThreads.get(key) ?? openHashThreads(settings);
  hashThreads.set(key, threads);
  return { ...createPasswordHasher(settings, threads), close: () => Promise.resolve() };
}

/**
 * The whole server on a free port of this machine, with a migrated database of its own. Take it with
 * `await using`.
 *
 * @param env settings that differ from the defaults
 * @param parts parts of the server that are not the real ones; with another server's `database`, two
 *   processes on one database
 */
export async function startTestServer(
  dialect: Dialect,
  env: Record<string, string> = {},
  parts: Partial<ServerDeps> = {},
) {
  const place = await createTestDatabase(dialect);
  const data = await createTemporaryFolder({});
  const settings = parseSettings({
    ...cheapPasswords,
    ...fixtureSite,
    DATA_DIR: data.path,
    TRUST_PROXY: '1',
    ...env,
    DATABASE_URL: place.url,
  });
  const logLines: string[] = [];
  const log = createLog({ logLevel: 'trace' }, { write: (line) => void logLines.push(line) });
  const { database } = { ...place, ...parts };
  const passwords = createSharingHasher(settings.password);
  const deps = {
    ...createServerDeps(settings, database, log),
    passwords,
    checkUp: createCheckup({ settings, database, passwords }),
    ...parts,
  };
  const server = await buildServer(deps);
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    deps,
    server,
    database,
    /** Every line that was logged, as it would be written. */
    logLines,
    openBrowser: () => new Browser(url, settings.publicOrigin),
    [Symbol.asyncDispose]: async () => {
      // The test has its answers, so the end need not wait for what may come on a kept connection.
      server.server.closeIdleConnections();
      await server.close();
      await Promise.all([deps.securityLog.close(), deps.figures.close()]);
      await deps.passwords.close();
      await place[Symbol.asyncDispose]();
      await data[Symbol.asyncDispose]();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** The typed client of a browser, as the site's own pages have it. */
export function createClient(browser: Browser) {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${browser.url}/trpc`,
        fetch: (input, init) => browser.fetch(String(input), init as RequestInit),
      }),
    ],
  });
}

type Refused = ErrorDetails & { code: string; httpStatus: number };

/** The `data` of the error that a call is refused with; fails when it is not. */
export async function catchRefusal(call: Promise<unknown>): Promise<Refused> {
  const fault: unknown = await call.then(
    () => new Error('The call was expected to be refused, and succeeded.'),
    (error: unknown) => error,
  );
  if (fault instanceof TRPCClientError) return fault.data as Refused;
  throw fault;
}
