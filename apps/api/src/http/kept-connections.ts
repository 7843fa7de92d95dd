import type { FastifyInstance } from 'fastify';

/**
 * Lets the server's end wait for requests alone. Node closes the connections that are idle when the
 * end begins; one that was busy then and is kept open by its browser would hold it up for a minute.
 */
export function endKeptConnections(server: FastifyInstance): void {
  let isEnding = false;
  server.addHook('preClose', async () => {
    isEnding = true;
  });
  server.addHook('onResponse', async () => {
    // A connection counts as idle only after its response has been dealt with.
    if (isEnding) setImmediate(() => server.server.closeIdleConnections());
  });
}
