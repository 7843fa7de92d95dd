import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import type { Context } from '../procedures/context.ts';

/** Puts down that a person's feed was turned off, for the operator and for the person. */
export async function recordFeedRevoked(
  actor: Pick<Context, 'deps' | 'request'>,
  userId: string,
): Promise<void> {
  logSecurityEvent(actor, 'authn_token_revoked', { userId, outcome: 'feed' });
  await recordActivity(actor, userId, 'feed-revoked');
}
