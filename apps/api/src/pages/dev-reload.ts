import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/**
 * Passes WebSockets on to Astro's development server, which tells open pages through them what has
 * changed: development has one address too.
 */
export function forwardWebSockets(server: FastifyInstance, origin: string): void {
  const { hostname, port } = new URL(origin);
  const open = new Set<Duplex>();

  server.server.on('upgrade', ({ method, url, rawHeaders }, browser, head) => {
    const site = connect(Number(port), hostname);
    const lines = rawHeaders.map((text, index) => text + (index % 2 === 0 ? ': ' : '\r\n'));
    site.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    site.write(head);
    for (const [one, other] of [
      [browser, site],
      [site, browser],
    ] as const) {
      open.add(one);
      one
        .on('error', () => other.destroy())
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });

  server.addHook('preClose', async () => {
    open.forEach((socket) => socket.destroy());
  });
}
