import type { FastifyInstance } from 'fastify';

/**
 * Notes what the server's handlers are at. The server's end waits for connections alone: whoever has
 * left leaves work behind, which needs the database still.
 *
 * @returns waits until all of it is done, however long: a database that never answers is a matter for
 *   whoever ends the process
 */
export function watchHandlers(server: FastifyInstance): () => Promise<void> {
  const running = new Set<Promise<unknown>>();
  server.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const result: unknown = handler.call(this, request, reply);
      if (result instanceof Promise) {
        const work = result.catch(() => undefined).finally(() => running.delete(work));
        running.add(work);
      }
      return result;
    };
  });
  return async () => {
    await Promise.all(running);
  };
}
