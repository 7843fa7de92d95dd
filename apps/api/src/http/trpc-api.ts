import cors from '@fastify/cors';
import { TRPCError } from '@trpc/server';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import { createContext } from '../context.ts';
import { notFound, Refusal } from '../refusal.ts';
import { appRouter, type AppRouter } from '../router.ts';
import type { ServerDeps } from '../server-deps.ts';
import { forbidStoring } from '../site/send-page.ts';
import { describeError } from '../trpc.ts';
import { answerTrpcError, logFault, setRetryAfter, toTrpcError } from './answer-error.ts';

const apiMethods = ['GET', 'HEAD', 'POST'];

/** The API, as a plugin: its errors are tRPC's, its answers nobody's to keep. */
export async function addTrpc(
  server: FastifyInstance,
  { deps }: { deps: ServerDeps },
): Promise<void> {
  server.addHook('onRequest', async (_request, reply) => {
    forbidStoring(reply);
  });
  server.setErrorHandler(async (error, request, reply) => {
    forbidStoring(reply);
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
  server.addHook('onRequest', async ({ method, headers }, reply) => {
    if (!apiMethods.includes(method)) {
      reply.header('allow', apiMethods.join(', '));
      throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
    }
    // A stream's headers leave before its calls have run: a log-in would set no cookie.
    if (headers['trpc-accept'] === 'application/jsonl') {
      throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reason: 'streaming-unsupported' });
    }
  });
  server.all('/*', () => {
    throw notFound;
  });
  server.all('/', () => {
    throw notFound;
  });
  await server.register(fastifyTRPCPlugin, {
    trpcOptions: {
      router: appRouter,
      maxBatchSize: 10,
      createContext: ({ req, res }) =>
        createContext(deps, req, res).catch((fault: unknown) => {
          throw toTrpcError(fault);
        }),
      onError: ({ error, req, ctx }) => {
        logFault(req, toTrpcError(error));
        if (ctx) setRetryAfter(ctx.reply, describeError(error));
      },
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>);
}
