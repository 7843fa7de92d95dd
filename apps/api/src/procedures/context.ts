import { PERSON_HEADER } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerDeps } from './server-deps.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';

/** What a procedure works with: the server's parts, the request, and who asks (null: a visitor). */
export type Context = {
  deps: ServerDeps;
  request: FastifyRequest;
  reply: FastifyReply;
  live: LiveSession | null;
  /** The id of the person whom the call is for, where it says so. */
  person: string | undefined;
};

/** The context of one request, for the tRPC adapter and for forms without JavaScript alike. */
export async function createContext(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  person = request.headers[PERSON_HEADER]?.toString(),
): Promise<Context> {
  const live = await getBrowserSession(deps, request, reply);
  return { deps, request, reply, live, person };
}
