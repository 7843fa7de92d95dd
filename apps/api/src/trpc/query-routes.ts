import { callTRPCProcedure, getTRPCErrorShape, type AnyTRPCProcedure } from '@trpc/server';
import {
  fastifyRequestHandler,
  type FastifyTRPCPluginOptions,
} from '@trpc/server/adapters/fastify';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createContext, type Context } from '../procedures/context.ts';
import { appRouter, type AppRouter } from './router.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { describeError } from '../http/describe-error.ts';
import { logFault, setRetryAfter, toTrpcError } from '../http/answer-error.ts';

type TrpcOptions = FastifyTRPCPluginOptions<AppRouter>['trpcOptions'];

/** `auth.session` and all others that only read. */
function listQueries(): string[] {
  type Flat = Record<string, AnyTRPCProcedure>;
  const procedures = appRouter._def.procedures as unknown as Flat; // Typed as nested, kept by whole names.
  return Object.keys(procedures).filter((name) => procedures[name]?._def.type === 'query');
}

/** A call without input and without any wish for how it is answered. */
function isPlain({ url, headers }: FastifyRequest): boolean {
  return !(url.includes('?') || 'trpc-accept' in headers || 'content-type' in headers);
}

/**
 * Routes of the queries, the commonest calls. One without input is answered as tRPC's adapter does it, but
 * without the web request, response and stream that it makes for each: these cost more than the call.
 *
 * @param vary the request headers that answers depend on
 */
export function addQueryRoutes(
  server: FastifyInstance,
  deps: ServerDeps,
  { trpcOptions, vary }: { trpcOptions: TrpcOptions; vary: string },
): void {
  for (const path of listQueries()) {
    // HEAD is the adapter's: it answers without asking anybody.
    server.get(`/${path}`, { exposeHeadRoute: false }, async (request, reply) => {
      if (isPlain(request)) return answerQuery(deps, path, request, reply.header('vary', vary));
      return fastifyRequestHandler({ ...trpcOptions, req: request, res: reply, path });
    });
  }
}

/** As bytes, because Fastify would add a charset to the type of a text. */
const write = (envelope: object) => Buffer.from(JSON.stringify(envelope));

async function answerQuery(
  deps: ServerDeps,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Buffer> {
  void reply.type('application/json');
  const call = { path, type: 'query', input: undefined } as const;
  let ctx: Context | undefined;
  try {
    ctx = await createContext(deps, request, reply);
    const data: unknown = await callTRPCProcedure({
      ...call,
      ctx,
      router: appRouter,
      getRawInput: async () => undefined,
      signal: undefined,
      batchIndex: 0,
    });
    return write({ result: { data } });
  } catch (fault) {
    const error = toTrpcError(fault);
    logFault(request, error);
    setRetryAfter(reply, describeError(error));
    void reply.code(getHTTPStatusCodeFromError(error));
    const { _config: config } = appRouter._def;
    return write({ error: getTRPCErrorShape({ ...call, config, error, ctx }) });
  }
}
