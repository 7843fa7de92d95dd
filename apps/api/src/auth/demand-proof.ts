import { cleanCode, isAuthenticatorCode, messages } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import type { Context } from '../procedures/context.ts';
import { demandListener } from '../http/demand-listener.ts';
import { Refusal } from '../http/refusal.ts';
import { setSessionCookies } from '../http/session-cookies.ts';
import { hasAuthenticator, takeCode } from '../second-factors/authenticator.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { renewSession } from '../sessions/session.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { takeLoginAttempt } from './take-login-attempt.ts';

const RECENT_MS = 5 * 60_000;

/** Whose request it is: the context of a member's procedure. */
export type MemberContext = Context & { live: LiveSession };

/** The current password is not the one that was given. */
export function refuseCurrentPassword(reason: 'wrong-password' | 'wrong-code' = 'wrong-password') {
  return new Refusal('BAD_REQUEST', {
    reason,
    fieldErrors: { currentPassword: [messages[reason]] },
  });
}

/**
 * Refuses unless what was typed is right. It counts as a log-in does, by the account's id: strangers,
 * who do not know it, cannot make the person wait here.
 */
async function verify(
  ctx: MemberContext,
  wrong: 'wrong-password' | 'wrong-code',
  isRight: () => Promise<boolean>,
): Promise<void> {
  const { user } = ctx.live;
  // Who is signed in here is no stranger, so that a stranger at the same address is in nobody's way.
  const counted = { identifier: user.id, isKnown: true };
  const { outcome } = await takeLoginAttempt(ctx, counted, async () => ({
    outcome: (await isRight()) ? 'logged-in' : wrong,
    user,
  }));
  if (outcome === 'logged-in') return demandListener(ctx.reply);
  await recordActivity(ctx, user.id, wrong === 'wrong-code' ? 'code-failed' : 'login-failed');
  throw refuseCurrentPassword(wrong);
}

/** Refuses unless the password is the person's own. It costs one hash. */
export function verifyCurrentPassword(ctx: MemberContext, password: string): Promise<void> {
  const { passwords } = ctx.deps;
  const { passwordHash } = ctx.live.user;
  return verify(
    ctx,
    'wrong-password',
    async () => (await passwords.verify(password, passwordHash)).isMatch,
  );
}

/** Takes a code of the person's authenticator app as well; whether it was one. */
async function verifyPasswordOrCode(ctx: MemberContext, typed: string): Promise<boolean> {
  const { deps, live } = ctx;
  const isCode =
    isAuthenticatorCode(typed) && (await hasAuthenticator(deps.database, live.user.id));
  if (isCode) await verify(ctx, 'wrong-code', () => takeCode(deps, live.user, cleanCode(typed)));
  else await verifyCurrentPassword(ctx, typed);
  return isCode;
}

/**
 * For what a borrowed browser must not do. The password or a code of the authenticator app comes along,
 * and then it must be right and this session goes on under a new token; or the last proof is not older
 * than five minutes.
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
  const isCode = await verifyPasswordOrCode(ctx, currentPassword);
  const token = await renewSession(deps.database, session);
  // Somebody ended the session, or renewed it, while the password was looked at.
  if (token === null) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  setSessionCookies(reply, deps.settings, { token, session });
  logSecurityEvent(ctx, 'session_renewed', { userId: user.id });
  await recordActivity(ctx, user.id, isCode ? 'code-confirmed' : 'password-confirmed');
}
