import type { User } from '@latchkey/db';
import { describeAccess, type Access } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { logSecurityEvent } from '../activity/security-log.ts';
import type { SiteRequest } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { sendProblem } from './problem.ts';

/** Tells somebody who is signed in for whom this is, and how to go on. */
export async function refuseRole(
  deps: ServerDeps,
  { request, reply }: SiteRequest,
  { access, reader }: { access: Access; reader: User },
): Promise<FastifyReply> {
  const actor = { deps, request };
  logSecurityEvent(actor, 'authz_fail', { userId: reader.id, outcome: 'role-required' });
  reply.code(403);
  return sendProblem(request, reply, deps.site, 'role-required', {
    addition: `It is for ${describeAccess(access)}. The people who run this site can give it to you.`,
    link: { href: '/dashboard', label: 'Go to your account' },
    reader,
  });
}
