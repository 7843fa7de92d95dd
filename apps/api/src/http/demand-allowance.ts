import { logSecurityEvent, type SecurityContext } from '../activity/security-log.ts';
import type { WriteLimits } from '../limits/write-limits.ts';
import { refuseForNow } from './refusal.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { Allowance } from '../limits/limiter.ts';

/**
 * Counts an attempt, and refuses it when its address has made too many.
 *
 * @param what is attempted, for the security log
 */
export async function demandAllowance(
  ctx: SecurityContext,
  limits: AddressLimits,
  what: string,
): Promise<void> {
  demandAllowed(ctx, await limits.begin(ctx.request.ip), what);
}

/** Counts a change by whoever asks, and refuses it after too many. */
export async function demandWriteAllowance(
  ctx: SecurityContext & { deps: { writeLimits: WriteLimits } },
  userId: string | undefined,
): Promise<void> {
  const allowance = await ctx.deps.writeLimits.begin(ctx.request.ip, userId);
  demandAllowed(ctx, allowance, 'write');
}

/** Refuses what a limit does not allow. */
export function demandAllowed(ctx: SecurityContext, allowance: Allowance, what: string): void {
  if (allowance.isAllowed) return;
  logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: what });
  throw refuseForNow(allowance.retryAfterSeconds);
}
