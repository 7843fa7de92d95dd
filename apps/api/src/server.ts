import { resolve } from 'node:path';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import staticFiles from '@fastify/static';
import type { Database } from '@latchkey/db';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { createContext } from './context.ts';
import { answerTrpcError, logFault, setRetryAfter, toTrpcError } from './http/answer-error.ts';
import { addHealthChecks } from './http/health.ts';
import { createOriginCheck } from './http/origin-check.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { createLoginLimits } from './limits/login-limits.ts';
import { createRegistrationLimits } from './limits/registration-limits.ts';
import { readCommonPasswords } from './passwords/common-passwords.ts';
import { createPasswordHasher } from './passwords/password-hasher.ts';
import { appRouter, type AppRouter } from './router.ts';
import type { ServerDeps } from './server-deps.ts';
import { Refusal } from './refusal.ts';
import { projectRoot, type Settings } from './settings.ts';
import { readBuiltSite } from './site/built-site.ts';
import { openDevSite } from './site/dev-site.ts';
import { addForms } from './site/forms.ts';
import { addGate } from './site/gate.ts';
import { answerSiteError } from './site/problem.ts';
import { describeError } from './trpc.ts';

const notFound = new Refusal('NOT_FOUND', { reason: 'not-found' });

const BODY_LIMIT_BYTES = 32 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const LONGEST_PATH_PARAMETER = 500;

const builtSiteFolder = resolve(projectRoot, 'apps/web/dist');
const downloadsFolder = resolve(projectRoot, 'apps/api/downloads');

/** The real parts of a server, on an open and migrated database. The caller closes `passwords`. */
export function createServerDeps(
  settings: Settings,
  database: Database,
  log: FastifyBaseLogger,
): ServerDeps {
  return {
    settings,
    database,
    log,
    passwords: createPasswordHasher(settings.password),
    commonPasswords: readCommonPasswords(),
    loginLimits: createLoginLimits(database),
    registrationLimits: createRegistrationLimits(database),
    site: settings.devSite ? openDevSite(settings.devSite) : readBuiltSite(builtSiteFolder),
  };
}

/** Puts a server together; it does not listen yet. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const { settings, site } = deps;
  const server = Fastify({
    loggerInstance: deps.log,
    trustProxy: (_address: string, hop: number) => hop < settings.trustedProxies,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: LONGEST_PATH_PARAMETER },
    frameworkErrors: (_error, request, reply) => void answerSiteError(request, reply, site, notFound),
  });
  await addSecurityHeaders(server, settings);
  server.addHook('onRequest', createOriginCheck(settings));
  server.setErrorHandler(async (error, request, reply) => answerSiteError(request, reply, site, error));
  await server.register(compress, { global: false });
  await server.register(formbody);
  await server.register(staticFiles, {
    root: builtSiteFolder,
    serve: false,
    preCompressed: true,
    cacheControl: false,
  });
  addHealthChecks(server, deps);
  await server.register(addTrpc, { prefix: '/trpc', deps });
  addForms(server, deps);
  addGate(server, deps, site, downloadsFolder);
  return server;
}

async function addTrpc(server: FastifyInstance, { deps }: { deps: ServerDeps }): Promise<void> {
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'private, no-store');
  });
  server.setErrorHandler(async (error, request, reply) => {
    answerTrpcError(request, reply, error);
    return reply;
  });
  const { allowedOrigins } = deps.settings;
  if (allowedOrigins.length > 0) {
    await server.register(cors, {
      origin: allowedOrigins,
      credentials: true,
      methods: ['GET', 'POST'],
      exposedHeaders: ['Retry-After'],
    });
  }
  await server.register(fastifyTRPCPlugin, {
    trpcOptions: {
      router: appRouter,
      maxBatchSize: 10,
      createContext: ({ req, res }) => createContext(deps, req, res),
      onError: ({ error, req, ctx }) => {
        logFault(req, toTrpcError(error));
        if (ctx) setRetryAfter(ctx.reply, describeError(error));
      },
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>);
}
