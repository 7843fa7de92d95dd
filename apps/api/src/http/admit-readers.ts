import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

type Strategy = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type RouteHandler = Parameters<ReturnType<Strategy['storage']>['set']>[1];

/**
 * Lets the router tell requests that may have a route with the constraint `name` from all others, which
 * get what they get at every address where nothing is. It is asked for every request.
 */
export function admitReaders(
  server: FastifyInstance,
  name: string,
  mayRead: (request: IncomingMessage, path: string) => boolean,
): void {
  server.addConstraintStrategy({
    name,
    deriveConstraint: (request) => mayRead(request, request.url?.split('?')[0] ?? ''),
    storage() {
      const handlers = new Map<unknown, RouteHandler>();
      return {
        get: (isReader) => handlers.get(isReader) ?? null,
        set: (isReader, handler) => void handlers.set(isReader, handler),
      };
    },
  });
}
