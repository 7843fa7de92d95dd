import compress from '@fastify/compress';
import type { Database } from '@latchkey/db';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { addFeed } from './feed/serve-feed.ts';
import { watchHandlers } from './http/abandoned-work.ts';
import { addHealthChecks } from './http/health.ts';
import { createBoundServer, REQUEST_TIMEOUT_MS } from './http/bound-connections.ts';
import { endKeptConnections } from './http/kept-connections.ts';
import { cutForwardedFor, limitLargeBodies } from './http/large-requests.ts';
import { createOriginCheck } from './http/origin-check.ts';
import { RequestLog } from './http/request-log.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { addTrpc } from './trpc/trpc-api.ts';
import {
  createLargeBodyLimits,
  createPasswordResetLimits,
  createRegistrationLimits,
  createUsernameLimits,
} from './limits/address-limits.ts';
import { createLoginLimits } from './limits/login-limits.ts';
import { createWriteLimits } from './limits/write-limits.ts';
import { createMetrics } from './process/metrics.ts';
import { addMetrics } from './http/serve-metrics.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import { notFound } from './http/refusal.ts';
import type { ServerDeps } from './procedures/server-deps.ts';
import type { Settings } from './settings/settings.ts';
import { readBuiltSite } from './pages/built-site.ts';
import { addChangePassword } from './site/change-password.ts';
import { completePages } from './pages/complete-pages.ts';
import { forwardWebSockets } from './pages/dev-reload.ts';
import { openDevSite } from './pages/dev-site.ts';
import { addForms } from './site/forms.ts';
import { addGate } from './site/gate.ts';
import { refuseOtherMethods } from './site/other-methods.ts';
import { answerSiteError } from './site/problem.ts';
import { decodePath } from './http/request-path.ts';
import { addSearchEngineFiles } from './site/search-engines.ts';

const BODY_LIMIT_BYTES = 32 * 1024;
const LONGEST_PATH_PARAMETER = 500;
/** Stands for an address that cannot be decoded, so that it meets every hook on its way to "not found". */
const IMPOSSIBLE_PATH = '/%00';

/** The real parts of a server, on an open and migrated database. The caller closes `passwords`. */
export function createServerDeps(
  settings: Settings,
  database: Database,
  log: FastifyBaseLogger,
): ServerDeps {
  const site = settings.devSite
    ? openDevSite(settings.devSite)
    : readBuiltSite(settings.siteFolder);
  return {
    settings,
    database,
    log,
    passwords: createPasswordHasher(settings.password),
    metrics: createMetrics(),
    loginLimits: createLoginLimits(database),
    registrationLimits: createRegistrationLimits(database),
    usernameLimits: createUsernameLimits(database),
    passwordResetLimits: createPasswordResetLimits(database),
    writeLimits: createWriteLimits(database),
    largeBodyLimits: createLargeBodyLimits(database),
    site: completePages(site, settings),
    downloadsFolder: settings.downloadsFolder,
    background: new Set(),
  };
}

/** Puts a server together; it does not listen yet. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { settings, site } = deps;
  const server = Fastify({
    loggerInstance: deps.log,
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
    // The end waits for requests that are under way, those on kept connections too.
    return503OnClosing: false,
  });
  const finishConnections = endKeptConnections(server, REQUEST_TIMEOUT_MS);
  const finishHandlers = watchHandlers(server);
  server.addHook('onClose', async () => {
    await finishConnections();
    await finishHandlers();
    await Promise.all(deps.background);
  });
  addSecurityHeaders(server, settings);
  server.addHook('onRequest', createOriginCheck(deps));
  limitLargeBodies(server, deps);
  server.setErrorHandler(async (error, request, reply) =>
    answerSiteError(request, reply, site, error),
  );
  server.setNotFoundHandler(async (request, reply) =>
    answerSiteError(request, reply, site, notFound),
  );
  await server.register(compress, { global: false });
  addHealthChecks(server, deps);
  addMetrics(server, deps);
  await server.register(addTrpc, { prefix: '/trpc', deps });
  await server.register(addForms, { deps });
  addChangePassword(server, deps);
  addFeed(server, deps);
  addSearchEngineFiles(server, deps);
  addGate(server, deps);
  refuseOtherMethods(server, deps);
  if (settings.devSite) forwardWebSockets(server, settings.devSite);
  return server;
}
