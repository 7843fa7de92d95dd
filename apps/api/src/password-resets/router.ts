import { requestPasswordResetInput, resetPasswordInput } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { refusePasswordFault } from '../auth/refuse-account.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { refuseWhenOverloaded } from '../auth/take-login-attempt.ts';
import { recordFeedRevoked } from '../feed/record-feed-revoked.ts';
import { demandListener } from '../http/demand-listener.ts';
import { demandAllowance, demandAllowed } from '../http/demand-allowance.ts';
import { nameLogins } from '../limits/login-limits.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { clearSessionCookies } from '../http/session-cookies.ts';
import { enqueueMail } from '../mail/enqueue-mail.ts';
import { endSession } from '../sessions/session.ts';
import { createRouter, publicProcedure } from '../procedures/trpc.ts';
import { RESET_MAIL } from './reset-link.ts';
import { setNewPassword } from './set-new-password.ts';

/** Signs nobody in: whoever found the link must still know whose it is. */
const resetPassword = publicProcedure.input(resetPasswordInput).mutation(async ({ ctx, input }) => {
  const { deps, request, reply, live } = ctx;
  await demandAllowance(ctx, deps.passwordResetLimits, 'password reset');
  const setting = await refuseWhenOverloaded(
    setNewPassword(ctx, input, () => demandListener(reply)),
    () => deps.passwordResetLimits.abandon(request.ip),
  );
  switch (setting.outcome) {
    case 'password-set': {
      const { id } = setting.user;
      logSecurityEvent(ctx, 'authn_password_change', { userId: id, outcome: 'reset' });
      await recordActivity(ctx, id, 'password-reset');
      if (setting.isFeedRevoked) await recordFeedRevoked(ctx, id);
      await deps.loginLimits.resetFailures(nameLogins(setting.user));
      await deps.loginLimits.resetFailures(id);
      // The log-in that follows is of this person, whoever was signed in here before.
      if (live) await endSession(deps.database, live.session);
      clearSessionCookies(reply, deps.settings);
      return {};
    }
    case 'invalid-reset-link':
      logSecurityEvent(ctx, 'authn_password_change_fail', { outcome: setting.outcome });
      throw new Refusal('BAD_REQUEST', { reason: setting.outcome });
    case 'common-password':
    case 'personal-password':
    case 'breached-password':
      throw refusePasswordFault(setting.outcome, 'newPassword');
  }
});

/**
 * Says nothing of who has an account, nor does its time: whoever it is, one row is written, and what
 * was typed is looked up when the mail is sent.
 */
const requestPasswordReset = publicProcedure
  .input(requestPasswordResetInput)
  .mutation(async ({ ctx, input: { identifier } }) => {
    const { deps, request } = ctx;
    if (!deps.settings.mailPlace) throw notFound;
    const allowance = await deps.resetMailLimits.beginRequest(request.ip, identifier);
    demandAllowed(ctx, allowance, 'password reset request');
    await enqueueMail(deps.database, { kind: RESET_MAIL, details: { identifier } });
    logSecurityEvent(ctx, 'authn_token_created', { outcome: 'reset-requested' });
    return {};
  });

/** Its procedures stand among those of `auth`. */
export const passwordResetsRouter = createRouter({ requestPasswordReset, resetPassword });
