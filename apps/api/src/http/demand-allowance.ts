import type { Context } from '../procedures/context.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { refuseForNow } from './refusal.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { Allowance } from '../limits/limiter.ts';

/**
 * Counts an attempt, and refuses it when its address has made too many.
 *
 * @param what is attempted, for the security log
 */
export async function demandAllowance(
  ctx: Pick<Context, 'deps' | 'request'>,
  limits: AddressLimits,
  what: string,
): Promise<void> {
  demandAllowed(ctx, await limits.begin(ctx.request.ip), what);
}

/** Counts a change by whoever asks, and refuses it after too many. */
export async function demandWriteAllowance(
  ctx: Pick<Context, 'deps' | 'request'>,
  userId: string | undefined,
): Promise<void> {
  const allowance = await ctx.deps.writeLimits.begin(ctx.request.ip, userId);
  demandAllowed(ctx, allowance, 'write');
}

function demandAllowed(
  ctx: Pick<Context, 'deps' | 'request'>,
  allowance: Allowance,
  what: string,
): void {
  if (allowance.isAllowed) return;
  logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: what });
  throw refuseForNow(allowance.retryAfterSeconds);
}
