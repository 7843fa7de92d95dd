import type { OidcAttempt } from '@latchkey/db';
import { logSecurityEvent } from '../activity/security-log.ts';
import { renewProof, type MemberContext } from '../auth/demand-proof.ts';
import { Refusal } from '../http/refusal.ts';
import { findIdentity } from '../identities/oidc-identity.ts';
import type { ProviderAnswer } from '../identities/provider.ts';

/** How far the provider's clock may be behind. */
const SKEW_MS = 60_000;

/** Takes a log-in at the provider as a fresh proof, if the person has done it since they left. */
export async function finishProof(
  ctx: MemberContext,
  { createdAt }: OidcAttempt,
  answer: ProviderAnswer,
): Promise<void> {
  const { user } = ctx.live;
  const identity = await findIdentity(ctx.deps.database, answer);
  if (identity?.userId !== user.id) throw refuse(ctx, 'oidc-other-account');
  const { authenticatedAt } = answer;
  const isFresh =
    authenticatedAt !== null && authenticatedAt.getTime() >= createdAt.getTime() - SKEW_MS;
  if (!isFresh) throw refuse(ctx, 'oidc-not-fresh');
  await renewProof(ctx, 'oidc');
}

function refuse(ctx: MemberContext, reason: 'oidc-other-account' | 'oidc-not-fresh'): Refusal {
  logSecurityEvent(ctx, 'authn_login_fail', { userId: ctx.live.user.id, outcome: reason });
  return new Refusal('UNAUTHORIZED', { reason });
}
