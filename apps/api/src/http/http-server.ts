import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Settings } from '../settings/settings.ts';
import { watchHandlers } from './abandoned-work.ts';
import { createBoundServer, REQUEST_TIMEOUT_MS } from './bound-connections.ts';
import { endKeptConnections } from './kept-connections.ts';
import { cutForwardedFor } from './large-requests.ts';
import { RequestLog } from './request-log.ts';
import { decodePath } from './request-path.ts';

const BODY_LIMIT_BYTES = 32 * 1024;
const LONGEST_PATH_PARAMETER = 500;
/** Stands for an address that cannot be decoded, so that it meets every hook on its way to "not found". */
const IMPOSSIBLE_PATH = '/%00';

type Deps = {
  settings: Settings;
  log: FastifyBaseLogger;
  /** Work that no answer waits for, and the end of the server does. */
  background: ReadonlySet<Promise<void>>;
};

const compileNothing = () => {
  throw new Error('No route has a schema of Fastify: zod checks what comes in.');
};

/** An HTTP server without routes, bounded in what it takes, that finishes its work before it is closed. */
export function createHttpServer({ settings, log, background }: Deps): FastifyInstance {
  const server: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new RequestLog(),
    trustProxy: (_address: string, hop: number) => hop < settings.trustedProxies,
    bodyLimit: BODY_LIMIT_BYTES,
    serverFactory: (handle) => createBoundServer(handle, settings),
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    rewriteUrl: ({ url = '/', headers }) => {
      // Nothing of a request is looked at earlier: the first line of the log has its address.
      cutForwardedFor(headers);
      return decodePath(url) === null ? IMPOSSIBLE_PATH : url;
    },
    // Fastify would load its compilers of schemas, which takes a quarter of its start.
    schemaController: {
      compilersFactory: { buildValidator: compileNothing, buildSerializer: compileNothing },
    },
    // The end waits for requests that are under way, those on kept connections too.
    return503OnClosing: false,
  });
  const finishConnections = endKeptConnections(server, REQUEST_TIMEOUT_MS);
  const finishHandlers = watchHandlers(server);
  server.addHook('onClose', async () => {
    await finishConnections();
    await finishHandlers();
    await Promise.all(background);
  });
  return server;
}
