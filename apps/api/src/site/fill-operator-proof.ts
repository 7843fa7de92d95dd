import { listIdentities } from '../identities/oidc-identity.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { listSecondFactors } from '../second-factors/list-factors.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { showEmail } from '../users/show-email.ts';

/** What the page of the proof asks this operator for, and the ways beside it. */
export async function fillProof(
  deps: ServerDeps,
  { user }: LiveSession,
  next: string,
): Promise<Omit<PageFilling, 'reader'>> {
  const factors = await listSecondFactors(deps.database, user.id);
  const hasFactor = factors.length > 0;
  // A second factor cannot be shown there.
  const provider = hasFactor ? null : await nameProvider(deps, user.id);
  const asked: ListItem = {
    next,
    factor: String(hasFactor),
    passkey: String(factors.includes('passkey')),
    linked: String(provider !== null),
    provider: provider ?? '',
  };
  return { slots: { 'user-email': showEmail(user.email) }, lists: { operatorProof: [asked] } };
}

/** The provider where the person has an account that is linked here; null where there is none. */
async function nameProvider({ database, oidcProvider }: ServerDeps, userId: string) {
  if (!oidcProvider) return null;
  const isLinked = (await listIdentities(database, userId)).length > 0;
  return isLinked ? oidcProvider.label : null;
}
