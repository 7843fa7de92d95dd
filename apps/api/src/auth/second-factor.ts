import type { User } from '@latchkey/db';
import { messages, secondFactorInput } from '@latchkey/shared';
import { recordActivity, recordActivityInBackground } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { findKnownDevice } from '../http/known-device.ts';
import { Refusal } from '../http/refusal.ts';
import { clearPendingLogin, readPendingLogin } from '../http/second-factor-cookies.ts';
import { nameLogins } from '../limits/login-limits.ts';
import type { Context } from '../procedures/context.ts';
import { publicProcedure } from '../procedures/trpc.ts';
import { endPendingLogin, findPendingLogin } from '../second-factors/pending-login.ts';
import { toPublicUser } from '../users/public-user.ts';
import { rememberHere } from './remember-here.ts';
import { startSession } from './start-session.ts';
import { takeFactor } from './take-factor.ts';
import { takeLoginAttempt } from './take-login-attempt.ts';

export const refuseCode = (code: 'UNAUTHORIZED' | 'BAD_REQUEST') =>
  new Refusal(code, {
    reason: 'wrong-code',
    fieldErrors: { code: [messages['wrong-code']] },
  });

/** Guesses of codes count apart from those of the password, and over all log-ins of the account. */
function countGuesses({ request, deps }: Context, user: User) {
  const device = findKnownDevice(request, deps.settings, user);
  return { identifier: `${nameLogins(user, device)}\nsecond factor`, isKnown: device !== null };
}

/** The same within the limits of guesses. */
async function tryFactor(ctx: Context, user: User, code: string) {
  const taken: { factor: Awaited<ReturnType<typeof takeFactor>> } = { factor: null };
  await takeLoginAttempt(ctx, countGuesses(ctx, user), async () => {
    taken.factor = await takeFactor(ctx, user, code);
    return { outcome: taken.factor ? 'logged-in' : 'wrong-code', user };
  });
  return taken.factor;
}

/** The log-in that waited is over. */
export const refuseLate = () => new Refusal('UNAUTHORIZED', { reason: 'second-step-over' });

/** Signs in who gave the right password in this browser before, and now shows a second factor. */
export const secondFactor = publicProcedure
  .input(secondFactorInput)
  .mutation(async ({ ctx, input }) => {
    const { database, settings } = ctx.deps;
    const token = readPendingLogin(ctx.request, settings);
    const pending = token === undefined ? null : await findPendingLogin(database, token);
    if (token === undefined || pending === null) throw refuseLate();
    const { user } = pending;
    const factor = await tryFactor(ctx, user, input.code);
    if (!factor) {
      recordActivityInBackground(ctx, user.id, 'code-failed');
      throw refuseCode('UNAUTHORIZED');
    }
    // The row goes first: of two at once, one goes on.
    if (!(await endPendingLogin(database, token))) throw refuseLate();
    const staySignedIn = input.staySignedIn ?? pending.staySignedIn;
    const session = await startSession(ctx, user, staySignedIn, { hasSecondFactor: true });
    clearPendingLogin(ctx, settings);
    if (!session) throw refuseLate();
    if (input.rememberBrowser) await rememberHere(ctx, session);
    logSecurityEvent(ctx, 'authn_login_success', { userId: user.id, outcome: factor });
    const event = factor === 'recovery-code' ? 'recovery-code-used' : 'logged-in';
    await recordActivity(ctx, user.id, event);
    return { user: toPublicUser(user) };
  });
