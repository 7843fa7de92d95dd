import { isDatabaseReady, type Database } from '@latchkey/db';
import type { FastifyInstance } from 'fastify';

const RETRY_SECONDS = 5;

/** `/healthz`: the process runs. `/readyz`: it can take work, and 503 while it cannot or is ending. */
export function addHealthChecks(
  server: FastifyInstance,
  { database }: { database: Database },
): void {
  let isDraining = false;
  server.addHook('preClose', async () => {
    isDraining = true;
  });

  server.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });

  server.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!isDraining && (await isDatabaseReady(database))) return { status: 'ready' };
    reply.code(503).header('retry-after', RETRY_SECONDS);
    return { status: isDraining ? 'draining' : 'not ready' };
  });
}
