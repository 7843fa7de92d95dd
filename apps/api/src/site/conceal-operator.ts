import type { FastifyReply, FastifyRequest } from 'fastify';
import { logSecurityEvent } from '../activity/security-log.ts';
import { getBrowserSession } from '../http/browser-session.ts';
import { cleanPath } from '../http/request-path.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { isOperator } from '../users/operator-role.ts';

/** The page of the people who run the site. */
export const operatorPath = '/operator';

/** Whether an address, in any spelling, is one of the operator's pages. */
export function isOperatorPath(path: string): boolean {
  const clean = cleanPath(path);
  return clean === operatorPath || clean.startsWith(`${operatorPath}/`);
}

/**
 * Whether an address is the operator's, and who asks is none: to them there is nothing, and nothing may
 * tell that there is.
 */
export async function isConcealed(
  deps: ServerDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
): Promise<boolean> {
  if (!isOperatorPath(path)) return false;
  const live = await getBrowserSession(deps, request, reply);
  if (live && isOperator(live.user)) return false;
  const who = live && { userId: live.user.id };
  logSecurityEvent({ deps, request }, 'authz_fail', { ...who, outcome: 'operator-only' });
  return true;
}
