import type { EmailLink } from '@latchkey/db';
import { emailLinkInput, type PublicUser } from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { demandOpenRegistration, refuseInvitation } from '../auth/demand-entry.ts';
import { recordInvitationUsed } from '../auth/record-invitation-used.ts';
import { startSession } from '../auth/start-session.ts';
import { findLinkOfCode } from '../email-links/email-link.ts';
import { recordFeedRevoked } from '../feed/record-feed-revoked.ts';
import { demandAllowance } from '../http/demand-allowance.ts';
import { Refusal } from '../http/refusal.ts';
import { clearSessionCookies } from '../http/session-cookies.ts';
import type { Context } from '../procedures/context.ts';
import { createRouter, publicProcedure } from '../procedures/trpc.ts';
import { toPublicUser } from '../users/public-user.ts';
import { confirmEmailChange, undoEmailChange as undoChange } from './change-email.ts';
import { confirmRegistration } from './confirm-registration.ts';

type ConfirmAnswer =
  | { user: PublicUser; next?: string; approval?: never }
  | { user?: never; next?: never; approval?: 'waiting' };

function refuseLink(ctx: Context, reason: 'link-expired' | 'email-taken'): Refusal {
  logSecurityEvent(ctx, 'authz_fail', { outcome: reason });
  return new Refusal(reason === 'email-taken' ? 'CONFLICT' : 'BAD_REQUEST', { reason });
}

async function finishRegistration(ctx: Context, link: EmailLink): Promise<ConfirmAnswer> {
  const { settings } = ctx.deps;
  demandOpenRegistration(ctx);
  if (settings.registration === 'invited' && link.invitationId === null) {
    throw new Refusal('FORBIDDEN', { reason: 'invitation-required' });
  }
  const confirmation = await confirmRegistration(ctx.deps, link);
  if (confirmation.outcome === 'invitation-spent') {
    throw refuseInvitation(ctx, confirmation.fault);
  }
  if (confirmation.outcome !== 'registered') throw refuseLink(ctx, confirmation.outcome);
  const { user } = confirmation;
  logSecurityEvent(ctx, 'user_created', { userId: user.id, outcome: 'confirmed' });
  if (user.waitingSince) {
    await recordActivity(ctx, user.id, 'registered');
    return { approval: 'waiting' };
  }
  if (!(await startSession(ctx, user, link.staySignedIn ?? false, { isKnown: true }))) {
    throw new Refusal('UNAUTHORIZED', { reason: 'invalid-credentials' });
  }
  await recordActivity(ctx, user.id, 'registered');
  if (link.invitationId !== null) await recordInvitationUsed(ctx, user.id);
  return { user: toPublicUser(user), ...(link.nextPath !== null && { next: link.nextPath }) };
}

/** After a registration it signs this browser in; after a change of the email it signs nobody in or out. */
const confirmEmail = publicProcedure
  .input(emailLinkInput)
  .mutation(async ({ ctx, input }): Promise<ConfirmAnswer> => {
    const { database, passwordResetLimits } = ctx.deps;
    await demandAllowance(ctx, passwordResetLimits, 'email confirmation');
    const link = await findLinkOfCode(database, input.token, ['registration', 'new-email']);
    if (!link) throw refuseLink(ctx, 'link-expired');
    if (link.purpose === 'registration') return finishRegistration(ctx, link);
    const change = await confirmEmailChange(database, link);
    if (change.outcome !== 'changed') throw refuseLink(ctx, change.outcome);
    logSecurityEvent(ctx, 'user_updated', { userId: change.userId, outcome: 'email' });
    await recordActivity(ctx, change.userId, 'email-changed');
    return {};
  });

/** Whoever has the old address gets the account back; a browser that is signed in to it is signed out. */
const undoEmailChange = publicProcedure.input(emailLinkInput).mutation(async ({ ctx, input }) => {
  const { database, passwordResetLimits, settings } = ctx.deps;
  await demandAllowance(ctx, passwordResetLimits, 'email undo');
  const link = await findLinkOfCode(database, input.token, ['undo-email']);
  if (!link) throw refuseLink(ctx, 'link-expired');
  const change = await undoChange(database, link);
  if (change.outcome !== 'restored') throw refuseLink(ctx, change.outcome);
  const { userId, isFeedRevoked } = change;
  logSecurityEvent(ctx, 'user_updated', { userId, outcome: 'email-undone' });
  logSecurityEvent(ctx, 'session_ended', { userId, outcome: 'email-undone' });
  await recordActivity(ctx, userId, 'email-change-undone');
  if (isFeedRevoked) await recordFeedRevoked(ctx, userId);
  if (ctx.live?.user.id === userId) clearSessionCookies(ctx.reply, settings);
  return {};
});

/** Its procedures stand among those of `auth`. */
export const emailConfirmationsRouter = createRouter({ confirmEmail, undoEmailChange });
