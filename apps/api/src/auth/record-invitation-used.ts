import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import type { Context } from '../procedures/context.ts';

/** Tells both logs that an account was made with an invitation. */
export async function recordInvitationUsed(ctx: Context, userId: string): Promise<void> {
  logSecurityEvent(ctx, 'authn_token_revoked', { userId, outcome: 'invitation-used' });
  await recordActivity(ctx, userId, 'invitation-used');
}
