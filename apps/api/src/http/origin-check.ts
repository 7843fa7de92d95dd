import type { FastifyReply, FastifyRequest } from 'fastify';
import { logSecurityEvent, type SecurityContext } from '../activity/security-log.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from '../settings/settings.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that may change something comes from this site or from an allowed origin. The
 * browser itself says so: in `Sec-Fetch-Site` (`none` is a person's own action, which no page can
 * make), and where that is missing or says "elsewhere", in `Origin`.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function isFromOurSite(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  { publicOrigin, allowedOrigins }: Pick<Settings, 'publicOrigin' | 'allowedOrigins'>,
): boolean {
  if (safeMethods.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return true;
  const { origin } = headers;
  return origin !== undefined && (origin === publicOrigin || allowedOrigins.includes(origin));
}

/** A hook that refuses the others with 403. */
export function createOriginCheck(deps: SecurityContext['deps'] & { settings: Settings }) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (isFromOurSite(request, deps.settings)) return;
    logSecurityEvent({ deps, request }, 'authz_fail', { outcome: 'cross-site' });
    throw new Refusal('FORBIDDEN', { reason: 'cross-site' });
  };
}
