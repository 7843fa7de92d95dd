import type { Context } from '../context.ts';
import { logSecurityEvent } from '../auth/security-log.ts';
import { refuseForNow } from '../refusal.ts';
import type { AddressLimits } from './address-limits.ts';

/**
 * Counts an attempt, and refuses it when its address has made too many.
 *
 * @param what is attempted, for the security log
 */
export async function demandAllowance(
  ctx: Context,
  limits: AddressLimits,
  what: string,
): Promise<void> {
  const allowance = await limits.begin(ctx.request.ip);
  if (allowance.isAllowed) return;
  logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: what });
  throw refuseForNow(allowance.retryAfterSeconds);
}
