import { cleanAddress } from '../addresses/client-address.ts';
import type { Log } from '../process/log.ts';
import type { Metrics } from '../process/metrics.ts';

/** Where a line goes, and the request that it tells of. */
export type SecurityContext = {
  deps: { log: Log; metrics: Pick<Metrics, 'events'> };
  request: { ip: string };
};

/** Names of the OWASP Logging Vocabulary. */
type SecurityEvent =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_login_lock'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_token_created'
  | 'authn_token_revoked'
  | 'authz_fail'
  | 'excess_rate_limit_exceeded'
  | 'sensitive_read'
  | 'session_created'
  | 'session_ended'
  | 'session_renewed'
  | 'user_created'
  | 'user_deleted'
  | 'user_updated';

/**
 * Writes one line of the security log: who, what, from where; the logger adds when. What a person
 * typed never goes in: it may be a password in the wrong field. It is counted in the metrics too.
 *
 * @param details `outcome` is a word of the code, one of a few
 */
export function logSecurityEvent(
  { deps, request }: SecurityContext,
  event: SecurityEvent,
  details: { userId?: string; outcome?: string } = {},
): void {
  const level = /fail|lock|excess/.test(event) ? 'warn' : 'info';
  deps.metrics.events.inc({ event, outcome: details.outcome ?? '' });
  deps.log[level]({ event, address: cleanAddress(request.ip), ...details }, event);
}
