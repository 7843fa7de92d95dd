import {
  changeEmailInput,
  changePasswordInput,
  confirmationInput,
  deleteAccountInput,
  isEmailDomainAllowed,
  messages,
  updateInput,
  type ChangePasswordInput,
  type PublicUser,
} from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import {
  demandFullProof,
  refuseCurrentPassword,
  verifyCurrentPassword,
  type MemberContext,
} from '../auth/demand-proof.ts';
import { refuseEmailDomain } from '../auth/demand-entry.ts';
import { isEmailOf } from '../users/is-email-of.ts';
import { toPublicUser } from '../users/public-user.ts';
import {
  refuseOtherEmail,
  refusePasswordFault,
  refuseTakenUsername,
} from '../auth/refuse-account.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { refuseWhenOverloaded } from '../auth/take-login-attempt.ts';
import { requestEmailChange } from '../email-confirmations/change-email.ts';
import { recordFeedRevoked } from '../feed/record-feed-revoked.ts';
import { demandAllowance, demandAllowed } from '../http/demand-allowance.ts';
import { findNewPasswordFault } from '../passwords/password-rules.ts';
import { Refusal } from '../http/refusal.ts';
import { forgetDevice, rememberDevice } from '../http/known-device.ts';
import { seenBrowsers } from '../http/seen-browser.ts';
import { clearSessionCookies, setSessionCookies } from '../http/session-cookies.ts';
import { createRouter, memberProcedure } from '../procedures/trpc.ts';
import { changeEmail as saveEmail, replacePassword, updateProfile } from './change-account.ts';
import { exportAccount } from './export-account.ts';
import { passwordProcedure, profileProcedure } from './tell-all-faults.ts';

/** The answer tells whether something is taken, as registering does, and so it is counted as that is. */
function demandAllowanceToAsk(ctx: MemberContext, what: 'email' | 'username'): Promise<void> {
  return demandAllowance(ctx, ctx.deps.registrationLimits, what);
}

const update = profileProcedure.input(updateInput).mutation(async ({ ctx, input }) => {
  const { deps, live } = ctx;
  const { username } = input;
  if (username && username.toLowerCase() !== live.user.username?.toLowerCase()) {
    await demandAllowanceToAsk(ctx, 'username');
  }
  const change = await updateProfile(deps.database, live.user, input);
  if (change.outcome === 'username-taken') throw refuseTakenUsername();
  if (change.outcome === 'gone') throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  if (change.outcome === 'saved') {
    logSecurityEvent(ctx, 'user_updated', { userId: live.user.id, outcome: 'profile' });
    await recordActivity(ctx, live.user.id, 'profile-changed');
  }
  return { user: toPublicUser(change.user) };
});

type EmailAnswer = { user: PublicUser } | { confirmation: 'sent' };

/** With mail it is answered alike, whoever has the address: its owner alone is told. */
async function askToConfirm(ctx: MemberContext, email: string): Promise<EmailAnswer> {
  const { deps, live } = ctx;
  demandAllowed(ctx, await deps.emailLinkLimits.begin(email), 'email');
  await requestEmailChange(deps.database, live.user.id, email);
  logSecurityEvent(ctx, 'authn_token_created', {
    userId: live.user.id,
    outcome: 'email-requested',
  });
  await recordActivity(ctx, live.user.id, 'email-change-requested');
  return { confirmation: 'sent' };
}

const changeEmail = memberProcedure
  .input(changeEmailInput)
  .mutation(async ({ ctx, input }): Promise<EmailAnswer> => {
    const { deps, live } = ctx;
    await demandFullProof(ctx, input);
    if (input.email === live.user.email) return { user: toPublicUser(live.user) };
    await demandAllowanceToAsk(ctx, 'email');
    const { allowedEmailDomains } = deps.settings;
    if (!isEmailDomainAllowed(input.email, allowedEmailDomains)) {
      throw refuseEmailDomain(allowedEmailDomains);
    }
    if (deps.settings.mailPlace) return askToConfirm(ctx, input.email);
    if ((await saveEmail(deps.database, live.user, input.email)) === 'email-taken') {
      throw new Refusal('CONFLICT', {
        reason: 'email-taken',
        fieldErrors: { email: [messages['email-in-use']] },
      });
    }
    logSecurityEvent(ctx, 'user_updated', { userId: live.user.id, outcome: 'email' });
    await recordActivity(ctx, live.user.id, 'email-changed');
    return { user: toPublicUser({ ...live.user, email: input.email }) };
  });

/** Looks at both, so that the person hears of both at once. */
async function demandPasswords(
  ctx: MemberContext,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<void> {
  const fault = findNewPasswordFault(ctx.deps, ctx.live.user, newPassword);
  try {
    await verifyCurrentPassword(ctx, currentPassword);
  } catch (error) {
    const isWrong = error instanceof Refusal && error.details.reason === 'wrong-password';
    if (!fault || !isWrong) throw error;
    const { fieldErrors } = refuseCurrentPassword().details;
    throw new Refusal('BAD_REQUEST', {
      reason: 'invalid-input',
      fieldErrors: { ...fieldErrors, newPassword: [messages[fault]] },
    });
  }
  if (fault) throw refusePasswordFault(fault, 'newPassword');
  // Whoever does not know the current one asks nobody about the new one.
  if (await ctx.deps.isBreached(newPassword)) {
    throw refusePasswordFault('breached-password', 'newPassword');
  }
}

const changePassword = passwordProcedure
  .input(changePasswordInput)
  .mutation(async ({ ctx, input }) => {
    const { deps, live, reply } = ctx;
    await demandPasswords(ctx, input);
    const change = await refuseWhenOverloaded(replacePassword(ctx, live, input.newPassword));
    if (change.outcome === 'changed-meanwhile') throw refuseCurrentPassword();
    const { token, passwordHash, isFeedRevoked } = change;
    if (token !== null) {
      setSessionCookies(reply, deps.settings, { token, session: live.session });
      rememberDevice(ctx, deps.settings, { id: live.user.id, passwordHash });
    }
    logSecurityEvent(ctx, 'authn_password_change', { userId: live.user.id });
    await recordActivity(ctx, live.user.id, 'password-changed');
    if (isFeedRevoked) await recordFeedRevoked(ctx, live.user.id);
    return {};
  });

const exportData = memberProcedure.input(confirmationInput).mutation(async ({ ctx, input }) => {
  const { deps, live } = ctx;
  await demandFullProof(ctx, input);
  logSecurityEvent(ctx, 'sensitive_read', { userId: live.user.id, outcome: 'export' });
  await recordActivity(ctx, live.user.id, 'data-exported');
  return exportAccount(deps.database, live);
});

const deleteAccount = memberProcedure.input(deleteAccountInput).mutation(async ({ ctx, input }) => {
  const { deps, live, reply } = ctx;
  const { id } = live.user;
  if (!isEmailOf(live.user, input.email)) throw refuseOtherEmail();
  await demandFullProof(ctx, input);
  await deps.database.User.destroy({ where: { id } });
  logSecurityEvent(ctx, 'user_deleted', { userId: id });
  clearSessionCookies(reply, deps.settings);
  forgetDevice(ctx, deps.settings, live.user);
  seenBrowsers.forget(ctx, deps.settings, id);
  reply.header('clear-site-data', '"storage"');
  return {};
});

export const accountRouter = createRouter({
  update,
  changeEmail,
  changePassword,
  export: exportData,
  delete: deleteAccount,
});
