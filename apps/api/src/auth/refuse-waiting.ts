import { logSecurityEvent, type SecurityContext } from '../activity/security-log.ts';
import { Refusal } from '../http/refusal.ts';

/** Who waits for approval has shown who they are, and is told so; the security log has the attempt. */
export function refuseWaiting(context: SecurityContext, userId: string): Refusal {
  const reason = 'waiting-for-approval';
  logSecurityEvent(context, 'authz_fail', { userId, outcome: reason });
  return new Refusal('FORBIDDEN', { reason });
}
