// @ts-check
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Listens for a moment. Rejects where that cannot be done.
 *
 * @param {number} port
 * @param {string} host
 */
export async function tryToListen(port, host) {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/**
 * A port of this machine that nobody listens at. Below the ports that systems give to connections: one
 * of them would be in the way of a restart.
 *
 * @returns {Promise<number>}
 */
export async function findFreePort() {
  const port = randomInt(20_000, 32_000);
  try {
    await tryToListen(port, '127.0.0.1');
    return port;
  } catch {
    return findFreePort();
  }
}
