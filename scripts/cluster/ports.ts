import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Listens for a moment. Rejects where that cannot be done. */
export async function tryToListen(port: number, host: string): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Below the ports that systems give to connections: one of them would be in the way of a restart. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  try {
    await tryToListen(port, '127.0.0.1');
    return port;
  } catch {
    return findFreePort();
  }
}
