import {
  loginInput,
  registerInput,
  type LoginInput,
  type PublicUser,
  type SecondFactor,
} from '@latchkey/shared';
import { recordActivity, recordActivityInBackground } from '../activity/record-activity.ts';
import type { Context } from '../procedures/context.ts';
import { demandListener } from '../http/demand-listener.ts';
import { demandAllowance, demandAllowed } from '../http/demand-allowance.ts';
import { nameLogins } from '../limits/login-limits.ts';
import { Refusal } from '../http/refusal.ts';
import { findKnownDevice } from '../http/known-device.ts';
import { clearSessionCookies } from '../http/session-cookies.ts';
import { endSession } from '../sessions/session.ts';
import { createRouter, personProcedure, publicProcedure } from '../procedures/trpc.ts';
import { findUser } from '../users/find-user.ts';
import { demandEntry, demandOpenRegistration, refuseInvitation } from './demand-entry.ts';
import { recordInvitationUsed } from './record-invitation-used.ts';
import { askSecondFactor } from './ask-second-factor.ts';
import { logInUser, type Login } from './log-in-user.ts';
import { toPublicSession, toPublicUser } from '../users/public-user.ts';
import { refusePasswordFault, refuseTakenUsername } from './refuse-account.ts';
import { refuseWaiting } from './refuse-waiting.ts';
import { registerUser, type Registration } from './register-user.ts';
import { requestRegistration, type RegistrationRequest } from './request-registration.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { secondFactor } from './second-factor.ts';
import { startSession } from './start-session.ts';
import { refuseWhenOverloaded, takeLoginAttempt } from './take-login-attempt.ts';
import { tellAllFaults } from './tell-all-faults.ts';

type RegisterAnswer = { user: PublicUser } | { confirmation: 'sent' } | { approval: 'waiting' };

const register = tellAllFaults
  .input(registerInput)
  .mutation(async ({ ctx, input }): Promise<RegisterAnswer> => {
    const { deps, request } = ctx;
    demandOpenRegistration(ctx);
    await demandAllowance(ctx, deps.registrationLimits, 'register');
    const invitation = await demandEntry(ctx, input);
    const goOn = () => demandListener(ctx.reply);
    const demandMail = async () =>
      demandAllowed(ctx, await deps.emailLinkLimits.begin(input.email), 'register');
    const registration = await refuseWhenOverloaded<Registration | RegistrationRequest>(
      deps.settings.mailPlace
        ? requestRegistration(deps, input, { invitation, demandAllowance: demandMail, goOn })
        : registerUser(deps, input, { invitation, goOn }),
      () => deps.registrationLimits.abandon(request.ip),
    );
    switch (registration.outcome) {
      case 'registered': {
        const { user } = registration;
        logSecurityEvent(ctx, 'user_created', { userId: user.id });
        if (user.waitingSince) {
          await recordActivity(ctx, user.id, 'registered');
          return { approval: 'waiting' };
        }
        if (!(await startSession(ctx, user, input.staySignedIn ?? false, { isKnown: true }))) {
          throw new Refusal('UNAUTHORIZED', { reason: 'invalid-credentials' });
        }
        await recordActivity(ctx, user.id, 'registered');
        if (invitation) await recordInvitationUsed(ctx, user.id);
        return { user: toPublicUser(user) };
      }
      case 'requested':
        logSecurityEvent(ctx, 'authn_token_created', { outcome: 'registration-requested' });
        return { confirmation: 'sent' };
      case 'email-taken':
        throw new Refusal('CONFLICT', { reason: 'email-taken' });
      case 'invitation-spent':
        throw refuseInvitation(ctx, registration.fault);
      case 'username-taken':
        throw refuseTakenUsername();
      case 'common-password':
      case 'personal-password':
      case 'breached-password':
        throw refusePasswordFault(registration.outcome, 'password', registration);
    }
  });

function refuseLogin(
  ctx: Context,
  outcome: Exclude<Login['outcome'], 'logged-in' | 'waiting'>,
): Refusal {
  const { explainLoginErrors } = ctx.deps.settings;
  const isExplained = explainLoginErrors && outcome !== 'disabled';
  return new Refusal('UNAUTHORIZED', { reason: isExplained ? outcome : 'invalid-credentials' });
}

/**
 * Looks at the password and signs in. Where the account's hash changed in between it is looked at once
 * more: another log-in may have put a stronger one of the same password there.
 */
async function tryLogin(
  ctx: Context,
  input: LoginInput,
  isKnown: boolean,
  isAgain = false,
): Promise<Login> {
  const result = await logInUser(ctx.deps, input.identifier, input.password);
  if (result.outcome !== 'logged-in') return result;
  const { user } = result;
  const staySignedIn = input.staySignedIn ?? false;
  const secondFactor = await askSecondFactor(ctx, user, staySignedIn);
  if (secondFactor && secondFactor.length > 0) return { ...result, secondFactor };
  if (secondFactor && (await startSession(ctx, user, staySignedIn, { isKnown }))) return result;
  if (isAgain) return { outcome: 'wrong-password', user };
  return tryLogin(ctx, input, isKnown, true);
}

/** Who is signed in now, or what has to be shown before. */
type LoginAnswer =
  { user: PublicUser; secondFactor?: never } | { secondFactor: SecondFactor[]; user?: never };

const login = publicProcedure
  .input(loginInput)
  .mutation(async ({ ctx, input }): Promise<LoginAnswer> => {
    // For the count alone: who waits for other log-ins first is looked up again, as the row is then.
    const user = await findUser(ctx.deps.database, input.identifier);
    const device = findKnownDevice(ctx.request, ctx.deps.settings, user);
    const counted = {
      identifier: user ? nameLogins(user, device) : input.identifier,
      isKnown: device !== null,
    };
    const result = await takeLoginAttempt(ctx, counted, () =>
      tryLogin(ctx, input, counted.isKnown),
    );
    if (result.outcome !== 'logged-in') {
      if (result.outcome === 'waiting') throw refuseWaiting(ctx, result.user.id);
      if ('user' in result) recordActivityInBackground(ctx, result.user.id, 'login-failed');
      throw refuseLogin(ctx, result.outcome);
    }
    if (result.secondFactor) {
      const asked = { userId: result.user.id, outcome: 'second factor asked' };
      logSecurityEvent(ctx, 'authn_token_created', asked);
      return { secondFactor: result.secondFactor };
    }
    logSecurityEvent(ctx, 'authn_login_success', { userId: result.user.id });
    await recordActivity(ctx, result.user.id, 'logged-in');
    return { user: toPublicUser(result.user) };
  });

const logout = personProcedure.mutation(async ({ ctx }) => {
  const { deps, live, reply } = ctx;
  if (live) {
    await endSession(deps.database, live.session);
    logSecurityEvent(ctx, 'session_ended', { userId: live.user.id, outcome: 'logout' });
    await recordActivity(ctx, live.user.id, 'logged-out');
  }
  clearSessionCookies(reply, deps.settings);
  reply.header('clear-site-data', '"storage"');
  return {};
});

const session = publicProcedure.query(({ ctx: { live } }) =>
  live ? { user: toPublicUser(live.user), session: toPublicSession(live.session) } : null,
);

export const authRouter = createRouter({ register, login, secondFactor, logout, session });
