import type { FastifyInstance } from 'fastify';
import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_ACCEPT_MS = 1000;
const QUIET_TURN_MS = 0.2;
/** How long the request of a connection that was just opened may be on its way. */
const GRACE_MS = 500;

/**
 * Lets the server's end lose no request and wait for requests alone, and not for ever. Node closes what
 * waits to be accepted, and every connection without a request, when the end begins: a proxy that has
 * just sent a form on one of them could not know whether to send it again. So what waits is accepted
 * first, and idle connections are closed a moment later. From the beginning of the end, Node no longer
 * ends requests that never come whole.
 *
 * @param longestMs after so long what still runs is cut off
 * @returns waits, once the end has begun, until every connection is closed
 */
export function endKeptConnections(server: FastifyInstance, longestMs: number) {
  const { server: listener } = server;
  let isOver = false;
  let closed: Promise<unknown> = Promise.resolve();
  const closeIdle = () => listener.closeIdleConnections();
  server.addHook('preClose', async () => {
    if (!listener.listening) return;
    setTimeout(() => listener.closeAllConnections(), longestMs).unref();
    const closeLater = listener.closeIdleConnections.bind(listener);
    // Node calls it as soon as the end begins.
    listener.closeIdleConnections = () => undefined;
    await acceptWaiting(listener);
    // Before Fastify does so: a connection that came in between would be lost.
    closed = new Promise((done) => listener.close(done));
    setTimeout(() => {
      listener.closeIdleConnections = closeLater;
      isOver = true;
      closeIdle();
    }, GRACE_MS);
  });
  server.addHook('onResponse', async () => {
    // A connection counts as idle only after its response has been dealt with.
    if (isOver) setImmediate(closeIdle);
  });
  return () => closed;
}

/**
 * Waits for a turn of the event loop that brings no connection and is so short that none can have come
 * meanwhile.
 */
async function acceptWaiting(listener: FastifyInstance['server']): Promise<void> {
  let accepted = 0;
  const count = () => (accepted += 1);
  listener.on('connection', count);
  const deadline = performance.now() + LONGEST_ACCEPT_MS;
  let before: number;
  let startedAt: number;
  await nextTurn();
  do {
    before = accepted;
    startedAt = performance.now();
    await nextTurn();
  } while (!isQuiet(startedAt, accepted - before) && performance.now() < deadline);
  listener.off('connection', count);
}

function isQuiet(startedAt: number, connections: number): boolean {
  return connections === 0 && performance.now() - startedAt < QUIET_TURN_MS;
}
