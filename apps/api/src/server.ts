import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';
import { createArticleDoor } from './articles/article-door.ts';
import { createQrCodeDoor } from './factors/qr-code-door.ts';
import { createFeedDoor } from './feed/feed-door.ts';
import { addFeed } from './feed/serve-feed.ts';
import { addHealthChecks } from './http/health.ts';
import { createHttpServer } from './http/http-server.ts';
import { limitLargeBodies } from './http/large-requests.ts';
import { createOriginCheck } from './http/origin-check.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { addMetrics } from './http/serve-metrics.ts';
import { yieldToFiles } from './http/yield-to-files.ts';
import { forwardWebSockets } from './pages/dev-reload.ts';
import { resetLinkDoor } from './password-resets/reset-link-door.ts';
import type { ServerDeps } from './procedures/server-deps.ts';
import { addAuthCheck } from './site/auth-check.ts';
import { addChangePassword } from './site/change-password.ts';
import { createSearchDoor } from './search/search-door.ts';
import { createSectionsDoor } from './secrets/sections-door.ts';
import { addDevMail } from './site/dev-mail.ts';
import { createDownloadDoor } from './site/download-door.ts';
import { addForms } from './site/forms.ts';
import { addGate } from './site/gate.ts';
import { addOidc } from './site/oidc-routes.ts';
import { refuseOtherMethods } from './site/other-methods.ts';
import { addProblemPages } from './site/problem.ts';
import { addSearchEngineFiles, bringsFile } from './site/search-engines.ts';
import { addSessionScript } from './site/session-script.ts';
import { addTrpc } from './trpc/trpc-api.ts';

/** Puts a server together; it does not listen yet. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { settings, site } = deps;
  const server = createHttpServer(deps);

  addSecurityHeaders(server, settings);
  server.addHook('onRequest', createOriginCheck(deps));
  limitLargeBodies(server, deps);
  addProblemPages(server, site);
  await server.register(compress, { global: false });

  addHealthChecks(server, deps);
  addMetrics(server, deps);
  await server.register(addTrpc, { prefix: '/trpc', deps });
  await server.register(addForms, { deps });

  addChangePassword(server, deps);
  addAuthCheck(server, deps);
  yieldToFiles(server, (path) => bringsFile(deps, path));
  addFeed(server, deps);
  if (deps.oidcProvider) addOidc(server, deps);
  addSearchEngineFiles(server, deps);
  if (settings.siteDir !== undefined) addSessionScript(server, settings);
  if (settings.mailPlace === 'dev-page') addDevMail(server, deps);
  // After all routes: it takes every other address.
  addGate(server, deps, [
    resetLinkDoor,
    createDownloadDoor(deps),
    createQrCodeDoor(deps),
    createFeedDoor(deps),
    createArticleDoor(deps),
    createSectionsDoor(deps),
    createSearchDoor(deps),
  ]);
  refuseOtherMethods(server, deps);
  if (settings.devSite) forwardWebSockets(server, settings.devSite);
  return server;
}
