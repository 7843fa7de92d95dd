import type { OidcAttempt } from '@latchkey/db';
import { logSecurityEvent } from '../activity/security-log.ts';
import { keepOidcBrowser, readOidcBrowser } from '../http/oidc-cookie.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import {
  createAttempt,
  deriveChallenge,
  endAttempt,
  findAttempt,
} from '../identities/oidc-attempt.ts';
import type { Provider, ProviderAnswer } from '../identities/provider.ts';
import { ProviderFault } from '../identities/provider-fault.ts';
import type { Context } from '../procedures/context.ts';

export const callbackPath = '/oidc/callback';
export const startPath = '/oidc/start';

/** The address of this site that leads on to the provider for a visit. */
export const linkVisit = (state: string): string =>
  `${startPath}?${new URLSearchParams({ visit: state }).toString()}`;

/** The provider that the site is set up with. */
export function demandProvider({ deps: { oidcProvider } }: Context): Provider {
  if (!oidcProvider) throw notFound;
  return oidcProvider;
}

const returnAddressOf = ({ deps: { settings } }: Pick<Context, 'deps'>) =>
  settings.publicOrigin + callbackPath;

/** An answer that is forged, too late, or came to another browser; whose it is, nobody knows. */
function refuse(ctx: Context, reason: 'oidc-failed' | 'oidc-over'): Refusal {
  logSecurityEvent(ctx, 'authn_login_fail', { outcome: reason });
  return new Refusal('UNAUTHORIZED', { reason });
}

/** What the person is told where the provider is away, was left, or is not to be believed. */
async function explain<Result>(ctx: Context, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (fault) {
    if (!(fault instanceof ProviderFault)) throw fault;
    const { kind: reason } = fault;
    if (reason === 'oidc-failed') throw refuse(ctx, reason);
    throw new Refusal(reason === 'oidc-away' ? 'SERVICE_UNAVAILABLE' : 'UNAUTHORIZED', { reason });
  }
}

type Purpose = Pick<OidcAttempt, 'purpose'> & { nextPath?: string | null };

/** Begins a visit of this browser, whose cookie goes out with the answer. */
export async function beginVisit(ctx: Context, { purpose, nextPath = null }: Purpose) {
  const { deps, live } = ctx;
  const token = keepOidcBrowser(ctx, deps.settings);
  const userId = purpose === 'login' ? null : (live?.user.id ?? null);
  const browser = { token, sessionId: live?.session.id ?? null };
  const state = await createAttempt(deps.database, browser, { purpose, userId, nextPath });
  return { ...deriveChallenge(token, state), returnAddress: returnAddressOf(ctx) };
}

/** The visit of this browser with a state, and what belongs to it; null where there is none. */
export async function findVisit(ctx: Pick<Context, 'deps' | 'request' | 'live'>, state: string) {
  const { deps, request, live } = ctx;
  const token = readOidcBrowser(request, deps.settings);
  if (token === undefined) return null;
  const browser = { token, sessionId: live?.session.id ?? null };
  const attempt = await findAttempt(deps.database, browser, state);
  if (!attempt || (attempt.userId !== null && attempt.userId !== live?.user.id)) return null;
  const returnAddress = returnAddressOf(ctx);
  return { attempt, visit: { ...deriveChallenge(token, state), returnAddress } };
}

export type Visit = NonNullable<Awaited<ReturnType<typeof findVisit>>>;

/** The provider's address for a log-in that begins now. */
export async function writeLoginAddress(ctx: Context, nextPath: string | null): Promise<string> {
  const visit = await beginVisit(ctx, { purpose: 'login', nextPath });
  return explain(ctx, demandProvider(ctx).writeAddress(visit));
}

/** The provider's address for a visit that began here before. */
export async function writeVisitAddress(ctx: Context, state: string): Promise<string> {
  const found = await findVisit(ctx, state);
  if (!found) throw refuse(ctx, 'oidc-over');
  const isFresh = found.attempt.purpose === 'proof';
  return explain(ctx, demandProvider(ctx).writeAddress(found.visit, { isFresh }));
}

/** Whom the provider vouches for at the end of a visit, which is used up whatever comes of it. */
export async function endVisit(
  ctx: Context,
  found: Visit | null,
  search: string,
): Promise<ProviderAnswer> {
  const isOpen = found && (await endAttempt(ctx.deps.database, found.attempt));
  if (!isOpen) throw refuse(ctx, 'oidc-over');
  return explain(ctx, demandProvider(ctx).readAnswer(found.visit, search));
}
