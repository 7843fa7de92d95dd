import type { User } from '@latchkey/db';
import type { Context } from '../procedures/context.ts';
import type { OpenLogin } from '../limits/login-limits.ts';
import { QueueFullError } from '../passwords/password-hasher.ts';
import { refuseForNow, refuseForOverload } from '../http/refusal.ts';
import { enqueueNoticeInBackground } from '../notices/enqueue-notice.ts';
import { logSecurityEvent } from '../activity/security-log.ts';

/**
 * Gives back what an attempt took from its limits when it fails without an answer, and turns a full
 * password queue into the refusal that says when to come back.
 */
export async function refuseWhenOverloaded<Result>(
  work: Promise<Result>,
  abandon?: () => Promise<void>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    await abandon?.();
    if (!(error instanceof QueueFullError)) throw error;
    throw refuseForOverload();
  }
}

/** How an attempt may end, and whose account it was for, where that is known. */
type Tried = { outcome: string; user?: User };

/**
 * Lets a password be tried within the limits of log-ins, and tells the security log of a failure.
 *
 * @param by.identifier what the limit of the account counts by
 * @param by.isKnown whether the browser has logged in to the account before
 * @param attempt looks at the password; it is not called when the attempt has to wait
 */
export async function takeLoginAttempt<Result extends Tried>(
  ctx: Context,
  by: { identifier: string; isKnown: boolean },
  attempt: () => Promise<Result>,
): Promise<Result> {
  const { loginLimits } = ctx.deps;
  const allowance = await loginLimits.begin({ address: ctx.request.ip, ...by });
  if (!allowance.isAllowed) {
    logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: 'login' });
    throw refuseForNow(allowance.retryAfterSeconds);
  }
  const { login } = allowance;
  try {
    const result = await refuseWhenOverloaded(attempt(), () => loginLimits.abandon(login));
    const isRight = ['logged-in', 'waiting'].includes(result.outcome);
    if (isRight) await loginLimits.succeed(login);
    else await noteFailure(ctx, result, login);
    return result;
  } finally {
    await loginLimits.end(login);
  }
}

async function noteFailure(ctx: Context, result: Tried, login: OpenLogin): Promise<void> {
  const who = result.user ? { userId: result.user.id } : {};
  logSecurityEvent(ctx, 'authn_login_fail', { ...who, outcome: result.outcome });
  const waits = await ctx.deps.loginLimits.fail(login);
  if (waits > 0) logSecurityEvent(ctx, 'authn_login_lock', who);
  // Once, and not for each wait that follows.
  if (waits === 1 && 'user' in result && !result.user.disabledAt) {
    enqueueNoticeInBackground(ctx, { kind: 'log-in-paused', user: result.user });
  }
}
