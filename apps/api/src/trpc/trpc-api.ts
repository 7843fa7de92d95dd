import cors from '@fastify/cors';
import { TRPCError } from '@trpc/server';
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createContext } from '../procedures/context.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { appRouter, type AppRouter } from './router.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { describeError } from '../http/describe-error.ts';
import { addQueryRoutes } from './query-routes.ts';
import { answerTrpcError, logFault, setRetryAfter, toTrpcError } from '../http/answer-error.ts';

const apiMethods = ['GET', 'HEAD', 'POST'];
const json = /^application\/json\s*(;|$)/i;

/** Whether a client asks for a stream, in either of the headers that tRPC goes by. */
function wantsStream({ headers }: FastifyRequest): boolean {
  const wishes = [headers['trpc-accept'], headers.accept].join();
  return wishes.includes('application/jsonl');
}

/** tRPC takes forms too, and reads them whole, however long they are. */
function isForeign({ method, headers }: FastifyRequest): boolean {
  const type = headers['content-type'];
  return method === 'POST' && type !== undefined && !json.test(type);
}

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
      // "false" leaves all of its headers out: who is not on the list learns nothing of it.
      origin: (origin, done) => {
        done(null, origin !== undefined && allowedOrigins.includes(origin) && origin);
      },
      credentials: true,
      methods: ['GET', 'POST'],
      exposedHeaders: ['Retry-After'],
    });
  }
  server.addHook('onRequest', async (request, reply) => {
    if (!apiMethods.includes(request.method)) {
      reply.header('allow', apiMethods.join(', '));
      throw new TRPCError({ code: 'METHOD_NOT_SUPPORTED' });
    }
    if (isForeign(request)) throw new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    // A stream's headers leave before its calls have run: a log-in would set no cookie.
    if (wantsStream(request)) {
      throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { reason: 'streaming-unsupported' });
    }
  });
  server.all('/*', () => {
    throw notFound;
  });
  server.all('/', () => {
    throw notFound;
  });
  // tRPC's own Vary takes the place of the one that is there, so that what both say is said here.
  const vary = allowedOrigins.length > 0 ? 'Origin, trpc-accept, accept' : 'trpc-accept, accept';
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    trpcOptions: {
      router: appRouter,
      maxBatchSize: 10,
      createContext: ({ req, res }) =>
        createContext(deps, req, res).catch((fault: unknown) => {
          const error = toTrpcError(fault);
          setRetryAfter(res, describeError(error));
          throw error;
        }),
      responseMeta: () => ({ headers: { vary } }),
      onError: ({ error, req, ctx }) => {
        logFault(req, toTrpcError(error));
        if (ctx) setRetryAfter(ctx.reply, describeError(error));
      },
    },
  };
  addQueryRoutes(server, deps, { ...options, vary });
  await server.register(fastifyTRPCPlugin, options);
}
