import type { FastifyReply } from 'fastify';
import { logSecurityEvent } from '../activity/security-log.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import { encodePath } from '../http/request-path.ts';
import type { SiteRequest } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { linkLogin } from './link-login.ts';
import { sendProblem } from './problem.ts';

/** Turns a visitor away from something that exists: a page to the log-in, anything else with 401. */
export async function refuseVisitor(
  deps: ServerDeps,
  { request, reply, wanted: { path, search } }: SiteRequest,
  isPage: boolean,
): Promise<FastifyReply> {
  logSecurityEvent({ deps, request }, 'authz_fail', { outcome: 'sign-in-required' });
  forbidStoring(reply);
  const login = linkLogin(encodePath(path) + search, 'sign-in-required');
  if (isPage) return reply.redirect(login, 302);
  reply.code(401);
  const link = { href: login, label: 'Log in' };
  return sendProblem(request, reply, deps.site, 'sign-in-required', { link });
}
