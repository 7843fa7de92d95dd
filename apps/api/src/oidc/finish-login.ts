import type { User } from '@latchkey/db';
import { recordActivity } from '../activity/record-activity.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { askSecondFactor } from '../auth/ask-second-factor.ts';
import { refuseWaiting } from '../auth/refuse-waiting.ts';
import { startSession } from '../auth/start-session.ts';
import { Refusal } from '../http/refusal.ts';
import { findIdentity } from '../identities/oidc-identity.ts';
import type { ProviderAnswer } from '../identities/provider.ts';
import type { Context } from '../procedures/context.ts';
import { makeAccountOf } from './make-account.ts';
import { takeRoles } from './take-roles.ts';

/** Disabled people's accounts and those that were deleted meanwhile have one answer. */
function refuse(ctx: Context, outcome: string, userId: string): Refusal {
  logSecurityEvent(ctx, 'authn_login_fail', { userId, outcome });
  return new Refusal('UNAUTHORIZED', { reason: 'oidc-failed' });
}

/** A provider that does not say when it asked the person may have done so long ago. */
const provedAt = ({ authenticatedAt }: ProviderAnswer) => {
  const now = new Date();
  const at = authenticatedAt ?? new Date(0);
  return at < now ? at : now;
};

/**
 * Signs in whom the provider vouches for. The second factor of the account is asked for as after a
 * password: true where it is to be shown first.
 */
export async function finishLogin(ctx: Context, answer: ProviderAnswer): Promise<boolean> {
  const { database } = ctx.deps;
  const known = await findIdentity(database, answer);
  const identity = known ?? (await makeAccountOf(ctx, answer));
  await takeRoles(ctx, identity, answer.roles);
  const where = { id: identity.userId, disabledAt: null };
  const user: User | null = await database.User.findOne({ where });
  if (!user) throw refuse(ctx, 'disabled', identity.userId);
  if (user.waitingSince) throw refuseWaiting(ctx, user.id);
  const factors = await askSecondFactor(ctx, user, false);
  if (factors && factors.length > 0) {
    const asked = { userId: user.id, outcome: 'second factor asked' };
    logSecurityEvent(ctx, 'authn_token_created', asked);
    return true;
  }
  const options = { isKnown: known === null, authenticatedAt: provedAt(answer) };
  const session = factors && (await startSession(ctx, user, false, options));
  if (!session) throw refuse(ctx, 'changed meanwhile', user.id);
  logSecurityEvent(ctx, 'authn_login_success', { userId: user.id, outcome: 'oidc' });
  await recordActivity(ctx, user.id, 'oidc-used');
  return false;
}
