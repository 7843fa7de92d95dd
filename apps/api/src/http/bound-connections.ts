import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { getAddressKey } from '../addresses/address-key.ts';
import type { Settings } from '../settings/settings.ts';
import { takeTurns } from './take-turns.ts';

/** A request must have come whole within this time. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** A connection over which no byte can be sent or comes for so long is cut off; a slow one is not. */
const STALL_TIMEOUT_MS = 90_000;
/** Longer than proxies keep an idle connection, so that none sends into one that just closed. */
const KEEP_ALIVE_MS = 72_000;
/** One address may hold a quarter of all connections. */
const SHARE = 4;

/** An HTTP server that bounds what is open and what is buffered, for each connection and in all. */
export function createBoundServer(
  handle: RequestListener,
  { maxConnections, trustedProxies }: Pick<Settings, 'maxConnections' | 'trustedProxies'>,
): Server {
  const options = { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createServer(options, takeTurns(handle));
  server.setTimeout(STALL_TIMEOUT_MS);
  server.maxConnections = maxConnections;
  // Whoever comes next finds room.
  server.on('drop', () => server.closeIdleConnections());
  // Behind a proxy all connections are of one address.
  if (trustedProxies === 0) boundShares(server, Math.ceil(maxConnections / SHARE));
  return server;
}

/** Keeps one address from taking every connection. */
function boundShares(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const key = getAddressKey(socket.remoteAddress ?? '');
    const count = open.get(key) ?? 0;
    if (count >= most) return socket.destroy();
    open.set(key, count + 1);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
  });
}
