import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../http/refusal.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { isConcealed } from './conceal-operator.ts';
import { findDownload } from './downloads.ts';
import { readRequestPath } from '../http/request-path.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { yieldsToFile } from '../http/yield-to-files.ts';

/** Answers what no other route takes: 405 with the methods of an address, 404 where there is nothing. */
export function refuseOtherMethods(server: FastifyInstance, deps: ServerDeps): void {
  const { site, downloadsFolder } = deps;
  const takes = (method: 'GET' | 'POST', url: string) =>
    [{}, yieldsToFile].some((constraints) => server.hasRoute({ method, url, constraints }));

  async function isThere(path: string): Promise<boolean> {
    if (takes('GET', path) || (await findDownload(downloadsFolder, path)) !== null) return true;
    return (await site.find({ path, search: '' })) !== null;
  }

  async function refuseMethod(request: FastifyRequest, reply: FastifyReply) {
    const path = readRequestPath(request)?.path;
    const isNothing = path === undefined || (await isConcealed(deps, request, reply, path));
    if (isNothing || !(await isThere(path))) {
      throw new Refusal('NOT_FOUND', { reason: 'not-found' });
    }
    const methods = ['GET', 'HEAD', ...(takes('POST', path) ? ['POST'] : [])].join(', ');
    forbidStoring(reply);
    reply.code(405).header('allow', methods).type('text/plain; charset=utf-8');
    return reply.send(`This address takes ${methods} and no other method.\n`);
  }

  server.route({
    method: ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'],
    url: '/*',
    // Before the body is looked at: whatever it is, it is not wanted.
    onRequest: refuseMethod,
    handler: refuseMethod,
  });
}
