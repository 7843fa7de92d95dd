import type { Database, OidcIdentity } from '@latchkey/db';
import {
  formatTime,
  type FactorStatus,
  type LinkedAccount,
  type PublicPasskey,
} from '@latchkey/shared';
import type { MemberContext } from '../auth/demand-proof.ts';
import { findOwnSetup } from '../factors/set-up.ts';
import { listIdentities, toLinkedAccount } from '../identities/oidc-identity.ts';
import { findVisit, linkVisit } from '../oidc/visit.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { describeFactors } from '../second-factors/list-factors.ts';
import { areRecoveryCodes } from '../second-factors/recovery-codes.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { countSessions } from '../sessions/list-sessions.ts';
import { showEmail } from '../users/show-email.ts';

/** The page of a person's second factors. */
export const factorsPath = '/dashboard/second-factor';
/** Leads on to the provider, once. */
export const newVisitField = 'oidcVisit';
/** Shows new recovery codes, once. */
export const newCodesField = 'recoveryCodes';

type Used = { createdAt: string; lastUsedAt: string | null };

/** When something was added, and last used. */
function showUse({ createdAt, lastUsedAt }: Used): ListItem {
  return {
    createdAt,
    createdText: formatTime(createdAt),
    used: String(lastUsedAt !== null),
    lastUsedAt: lastUsedAt ?? '',
    lastUsedText: lastUsedAt ? formatTime(lastUsedAt) : '',
  };
}

const showPasskey = ({ id, name, ...times }: PublicPasskey): ListItem => ({
  id,
  name,
  ...showUse(times),
});

async function showFactors(
  deps: ServerDeps,
  live: LiveSession,
  { authenticator, passkeys, recoveryCodesLeft }: FactorStatus,
): Promise<ListItem> {
  const setup = authenticator ? null : await findOwnSetup(deps, live);
  return {
    on: String(authenticator),
    off: String(!authenticator && !setup && passkeys.length === 0),
    pending: String(setup !== null),
    keys: String(!authenticator && passkeys.length > 0),
    secret: setup?.secret ?? '',
    link: setup?.uri ?? '',
    left: String(recoveryCodesLeft),
  };
}

/** On how many other devices the person is signed in. */
async function showOtherDevices(database: Database, userId: string): Promise<ListItem> {
  const others = (await countSessions(database, userId)) - 1;
  const description = others === 1 ? 'one other device' : `${others} other devices`;
  return { others: String(others > 0), description };
}

/** New codes, a line each; none where somebody else is signed in by now, or they are over already. */
async function showCodes(database: Database, userId: string, text: string): Promise<string> {
  const codes = text.split(' ').filter(Boolean);
  const areOwn = codes.length > 0 && (await areRecoveryCodes(database, userId, codes));
  return areOwn ? codes.join('\n') : '';
}

const showAccount = ({ id, provider, ...times }: LinkedAccount): ListItem => ({
  id,
  provider,
  ...showUse(times),
});

/** What can be done with the provider; nothing where there is none. */
async function showOidc(
  ctx: MemberContext,
  identities: OidcIdentity[],
  state: string,
): Promise<ListItem[]> {
  const provider = ctx.deps.oidcProvider;
  if (!provider) return [];
  const isReady = state !== '' && (await findVisit(ctx, state)) !== null;
  const isLinked = identities.some(({ issuer }) => issuer === provider.issuer);
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

/** What the page is completed with: the person's factors, and the codes that were just made. */
export async function fillFactors(
  ctx: MemberContext,
  {
    [newCodesField]: newCodes = '',
    [newVisitField]: newVisit = '',
    ...typed
  }: Record<string, string> = {},
): Promise<PageFilling> {
  const { deps, live } = ctx;
  const { database } = deps;
  const { user } = live;
  const factors = await describeFactors(database, user.id);
  const identities = await listIdentities(database, user.id);
  return {
    reader: user,
    slots: {
      'user-email': showEmail(user.email),
      'recovery-codes': await showCodes(database, user.id, newCodes),
    },
    typed,
    lists: {
      factors: [await showFactors(deps, live, factors)],
      otherDevices: [await showOtherDevices(database, user.id)],
      passkeys: factors.passkeys.map(showPasskey),
      linkedAccounts: identities.map(toLinkedAccount).map(showAccount),
      oidc: await showOidc(ctx, identities, newVisit),
      passkeyNames: factors.passkeys.map(({ id, name }) => ({ id, name })),
    },
  };
}
