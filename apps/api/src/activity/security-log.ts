import { cleanAddress } from '../addresses/client-address.ts';
import type { Log } from '../process/log.ts';
import type { Metrics } from '../process/metrics.ts';
import type { SecurityLog } from '../security-log/security-log.ts';

/** Where a line goes, and the request that it tells of. */
export type SecurityContext = {
  deps: { log: Log; metrics: Pick<Metrics, 'events'>; securityLog: Pick<SecurityLog, 'add'> };
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
 * Writes down who did what from where, for the operator: as a line of the program's log and as a row of the
 * security log. What a person typed never goes in: it may be a password in the wrong field. It is counted in
 * the metrics too.
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
  const address = cleanAddress(request.ip);
  deps.log[level]({ event, address, ...details }, event);
  deps.securityLog.add({ event, address, createdAt: new Date(), ...details });
}
