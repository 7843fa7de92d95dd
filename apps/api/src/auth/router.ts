import { loginInput, messages, registerInput } from '@latchkey/shared';
import type { Context } from '../context.ts';
import { QueueFullError } from '../passwords/password-hasher.ts';
import { Refusal, refuseForNow } from '../refusal.ts';
import { clearSessionCookies } from '../sessions/session-cookies.ts';
import { endSession } from '../sessions/session.ts';
import { createRouter, publicProcedure } from '../trpc.ts';
import { logInUser, type Login } from './log-in-user.ts';
import { toPublicSession, toPublicUser } from './public-user.ts';
import { registerUser } from './register-user.ts';
import { logSecurityEvent } from './security-log.ts';
import { startSession } from './start-session.ts';

const OVERLOAD_RETRY_SECONDS = 5;

/**
 * Gives back what an attempt took from its limits when it fails without an answer, and turns a full
 * password queue into the refusal that says when to come back.
 */
async function refuseWhenOverloaded<Result>(
  work: Promise<Result>,
  abandon: () => Promise<void>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    await abandon();
    if (!(error instanceof QueueFullError)) throw error;
    throw new Refusal('SERVICE_UNAVAILABLE', {
      reason: 'overloaded',
      retryAfterSeconds: OVERLOAD_RETRY_SECONDS,
    });
  }
}

const register = publicProcedure.input(registerInput).mutation(async ({ ctx, input }) => {
  const { deps, request } = ctx;
  if (!deps.settings.isRegistrationOpen) {
    throw new Refusal('FORBIDDEN', { reason: 'registration-closed' });
  }
  const allowance = await deps.registrationLimits.begin(request.ip);
  if (!allowance.isAllowed) {
    logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: 'register' });
    throw refuseForNow(allowance.retryAfterSeconds);
  }
  const registration = await refuseWhenOverloaded(registerUser(deps, input), () =>
    deps.registrationLimits.abandon(request.ip),
  );
  switch (registration.outcome) {
    case 'registered': {
      const { user } = registration;
      logSecurityEvent(ctx, 'user_created', { userId: user.id });
      await startSession(ctx, user, input.staySignedIn ?? false);
      return { user: toPublicUser(user) };
    }
    case 'email-taken':
      throw new Refusal('CONFLICT', { reason: 'email-taken' });
    case 'username-taken':
      throw new Refusal('CONFLICT', {
        reason: 'username-taken',
        fieldErrors: { username: [messages['username-taken']] },
      });
    case 'common-password':
    case 'personal-password':
      throw new Refusal('BAD_REQUEST', {
        reason: registration.outcome,
        fieldErrors: { password: [messages[registration.outcome]] },
      });
  }
});

function refuseLogin(ctx: Context, outcome: Exclude<Login['outcome'], 'logged-in'>): Refusal {
  const { explainLoginErrors } = ctx.deps.settings;
  const isExplained = explainLoginErrors && outcome !== 'disabled';
  return new Refusal('UNAUTHORIZED', { reason: isExplained ? outcome : 'invalid-credentials' });
}

const login = publicProcedure.input(loginInput).mutation(async ({ ctx, input }) => {
  const { deps, request } = ctx;
  const attempt = { address: request.ip, identifier: input.identifier };
  const allowance = await deps.loginLimits.begin(attempt);
  if (!allowance.isAllowed) {
    logSecurityEvent(ctx, 'excess_rate_limit_exceeded', { outcome: 'login' });
    throw refuseForNow(allowance.retryAfterSeconds);
  }
  const result = await refuseWhenOverloaded(logInUser(deps, input.identifier, input.password), () =>
    deps.loginLimits.abandon(attempt, allowance.points),
  );
  if (result.outcome !== 'logged-in') {
    const who = 'user' in result ? { userId: result.user.id } : {};
    logSecurityEvent(ctx, 'authn_login_fail', { ...who, outcome: result.outcome });
    if (allowance.isLast) {
      await deps.loginLimits.startWait(attempt);
      logSecurityEvent(ctx, 'authn_login_lock', who);
    }
    throw refuseLogin(ctx, result.outcome);
  }
  await deps.loginLimits.succeed(attempt);
  await startSession(ctx, result.user, input.staySignedIn ?? false);
  logSecurityEvent(ctx, 'authn_login_success', { userId: result.user.id });
  return { user: toPublicUser(result.user) };
});

const logout = publicProcedure.mutation(async ({ ctx }) => {
  const { deps, live, reply } = ctx;
  if (live) {
    await endSession(deps.database, live.session);
    logSecurityEvent(ctx, 'session_ended', { userId: live.user.id, outcome: 'logout' });
  }
  clearSessionCookies(reply, deps.settings);
  reply.header('clear-site-data', '"cache", "storage"');
  return {};
});

const session = publicProcedure.query(({ ctx: { live } }) =>
  live ? { user: toPublicUser(live.user), session: toPublicSession(live.session) } : null,
);

export const authRouter = createRouter({ register, login, logout, session });
