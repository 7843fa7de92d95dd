import { messages } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import type { Context } from '../procedures/context.ts';
import { demandListener } from '../http/demand-listener.ts';
import { Refusal } from '../http/refusal.ts';
import { setSessionCookies } from '../http/session-cookies.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { renewSession } from '../sessions/session.ts';
import type { Login } from './log-in-user.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { takeLoginAttempt } from './take-login-attempt.ts';

const RECENT_MS = 5 * 60_000;

/** Whose request it is: the context of a member's procedure. */
export type MemberContext = Context & { live: LiveSession };

/** The current password is not the one that was given. */
export function refuseCurrentPassword(): Refusal {
  return new Refusal('BAD_REQUEST', {
    reason: 'wrong-password',
    fieldErrors: { currentPassword: [messages['wrong-password']] },
  });
}

/**
 * Refuses unless the password is the person's own. It costs one hash and counts as a log-in does, by
 * the account's id: strangers, who do not know it, cannot make the person wait here.
 */
export async function verifyCurrentPassword(ctx: MemberContext, password: string): Promise<void> {
  const { user } = ctx.live;
  // Who is signed in here is no stranger, so that a stranger at the same address is in nobody's way.
  const counted = { identifier: user.id, isKnown: true };
  const { outcome } = await takeLoginAttempt(ctx, counted, async (): Promise<Login> => {
    const { isMatch } = await ctx.deps.passwords.verify(password, user.passwordHash);
    return { outcome: isMatch ? 'logged-in' : 'wrong-password', user };
  });
  if (outcome === 'logged-in') return demandListener(ctx.reply);
  await recordActivity(ctx, user.id, 'login-failed');
  throw refuseCurrentPassword();
}

/**
 * For what a borrowed browser must not do. The password comes along, and then it must be right and
 * this session goes on under a new token; or the last proof is not older than five minutes.
 */
export async function demandProof(
  ctx: MemberContext,
  { currentPassword }: { currentPassword?: string | undefined },
): Promise<void> {
  const { deps, reply, live } = ctx;
  const { user, session } = live;
  if (currentPassword === undefined) {
    if (Date.now() - session.authenticatedAt.getTime() <= RECENT_MS) return;
    throw new Refusal('FORBIDDEN', { reason: 'password-required' });
  }
  await verifyCurrentPassword(ctx, currentPassword);
  const token = await renewSession(deps.database, session);
  // Somebody ended the session, or renewed it, while the password was looked at.
  if (token === null) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  setSessionCookies(reply, deps.settings, { token, session });
  logSecurityEvent(ctx, 'session_renewed', { userId: user.id });
  await recordActivity(ctx, user.id, 'password-confirmed');
}
