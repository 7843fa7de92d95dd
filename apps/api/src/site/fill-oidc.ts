import type { OidcIdentity } from '@latchkey/db';
import type { MemberContext } from '../auth/demand-proof.ts';
import { listIdentities, toLinkedAccount } from '../identities/oidc-identity.ts';
import type { Provider } from '../identities/provider.ts';
import { findVisit, linkVisit } from '../oidc/visit.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import { showEmail } from '../users/show-email.ts';
import { showUse } from './show-use.ts';

/** The page of a person's accounts at the provider. */
export const oidcPath = '/dashboard/other-service';
/** Leads on to the provider, once. */
export const newVisitField = 'oidcVisit';

/** A provider names itself with or without the slash that stands at the end of an address without a path. */
const isOf = ({ issuer }: OidcIdentity, provider: Provider) =>
  URL.parse(issuer)?.href === provider.issuer;

function showAccount(identity: OidcIdentity, provider: Provider | null): ListItem {
  const { id, provider: host, ...times } = toLinkedAccount(identity);
  const name = provider && isOf(identity, provider) ? provider.label : host;
  return { id, provider: name, ...showUse(times) };
}

/** What can be done with the provider; nothing where there is none. */
async function showOidc(
  ctx: MemberContext,
  identities: OidcIdentity[],
  state: string,
): Promise<ListItem[]> {
  const provider = ctx.deps.oidcProvider;
  if (!provider) return [];
  const isReady = state !== '' && (await findVisit(ctx, state)) !== null;
  const isLinked = identities.some((identity) => isOf(identity, provider));
  return [
    {
      label: provider.label,
      free: String(!isLinked),
      linked: String(identities.length > 0),
      ready: String(isReady),
      address: isReady ? linkVisit(state) : '',
    },
  ];
}

/** What the page is completed with: the person's accounts, and the way on that they have just asked for. */
export async function fillOidc(
  ctx: MemberContext,
  { [newVisitField]: newVisit = '', ...typed }: Record<string, string> = {},
): Promise<PageFilling> {
  const { deps, live } = ctx;
  const { user } = live;
  const identities = await listIdentities(deps.database, user.id);
  return {
    reader: user,
    slots: { 'user-email': showEmail(user.email) },
    typed,
    lists: {
      linkedAccounts: identities.map((identity) => showAccount(identity, deps.oidcProvider)),
      oidc: await showOidc(ctx, identities, newVisit),
    },
  };
}
