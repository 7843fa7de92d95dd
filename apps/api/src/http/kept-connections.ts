import type { FastifyInstance } from 'fastify';

/**
 * Lets the server's end wait for requests alone, and not for ever. Node closes the connections that
 * are idle when the end begins; one that was busy then and is kept open by its browser would hold it
 * up for a minute. And from then on Node no longer ends requests that never come whole.
 *
 * @param longestMs after so long what still runs is cut off
 */
export function endKeptConnections(server: FastifyInstance, longestMs: number): void {
  let isEnding = false;
  server.addHook('preClose', async () => {
    isEnding = true;
    setTimeout(() => server.server.closeAllConnections(), longestMs).unref();
  });
  server.addHook('onResponse', async () => {
    // A connection counts as idle only after its response has been dealt with.
    if (isEnding) setImmediate(() => server.server.closeIdleConnections());
  });
}
