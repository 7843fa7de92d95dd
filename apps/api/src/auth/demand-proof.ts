import {
  isAuthenticatorCode,
  isRecoveryCode,
  messages,
  type ActivityEvent,
  type Reason,
  type SecondFactor,
} from '@latchkey/shared';
import { recordActivity } from '../activity/record-activity.ts';
import type { Context } from '../procedures/context.ts';
import { demandListener } from '../http/demand-listener.ts';
import { Refusal } from '../http/refusal.ts';
import { setSessionCookies } from '../http/session-cookies.ts';
import { listIdentities } from '../identities/oidc-identity.ts';
import { listSecondFactors } from '../second-factors/list-factors.ts';
import { areRecoveryCodes } from '../second-factors/recovery-codes.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { renewSession } from '../sessions/session.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { takeFactor } from './take-factor.ts';
import { takeLoginAttempt } from './take-login-attempt.ts';

const RECENT_MS = 5 * 60_000;

/** Whose request it is: the context of a member's procedure. */
export type MemberContext = Context & { live: LiveSession };

const events = {
  password: 'password-confirmed',
  authenticator: 'code-confirmed',
  'recovery-code': 'recovery-code-confirmed',
  passkey: 'passkey-confirmed',
  oidc: 'oidc-confirmed',
} as const satisfies Record<string, ActivityEvent>;
/** What a person proved with that they are there. */
export type Proof = keyof typeof events;

const failures = {
  'wrong-password': 'login-failed',
  'wrong-code': 'code-failed',
  'wrong-passkey': 'passkey-failed',
  'passkey-unverified': 'passkey-failed',
  'passkey-went-back': 'passkey-failed',
} as const satisfies Record<string, ActivityEvent>;
export type ProofFailure = keyof typeof failures;

const isRecent = (moment: Date | null) =>
  moment !== null && Date.now() - moment.getTime() <= RECENT_MS;

/** Whether the last proof of this session is not older than five minutes. */
export const hasRecentProof = ({ live: { session } }: MemberContext): boolean =>
  isRecent(session.authenticatedAt);

/** The current password is not the one that was given, or the code in its place is wrong. */
export function refuseCurrentPassword(reason: 'wrong-password' | 'wrong-code' = 'wrong-password') {
  return new Refusal('BAD_REQUEST', {
    reason,
    fieldErrors: { currentPassword: [messages[reason]] },
  });
}

function refuseProof(failure: ProofFailure): Refusal {
  if (failure === 'wrong-password' || failure === 'wrong-code') {
    return refuseCurrentPassword(failure);
  }
  const reason: Reason = failure === 'passkey-unverified' ? failure : 'wrong-passkey';
  return new Refusal('BAD_REQUEST', { reason });
}

/**
 * Refuses unless what was shown is right. It counts as a log-in does, by the account's id: strangers,
 * who do not know it, cannot make the person wait here.
 *
 * @param findFailure what is wrong with it, or null
 */
export async function verifyProof(
  ctx: MemberContext,
  findFailure: () => Promise<ProofFailure | null>,
): Promise<void> {
  const { user } = ctx.live;
  // Who is signed in here is no stranger, so that a stranger at the same address is in nobody's way.
  const counted = { identifier: user.id, isKnown: true };
  const { failure } = await takeLoginAttempt(ctx, counted, async () => {
    const found = await findFailure();
    return { outcome: found ?? 'logged-in', user, failure: found };
  });
  if (!failure) return demandListener(ctx.reply);
  await recordActivity(ctx, user.id, failures[failure]);
  throw refuseProof(failure);
}

/** Refuses unless the password is the person's own. It costs one hash. */
export function verifyCurrentPassword(ctx: MemberContext, password: string): Promise<void> {
  const { passwords } = ctx.deps;
  const { passwordHash } = ctx.live.user;
  return verifyProof(ctx, async () =>
    (await passwords.verify(password, passwordHash)).isMatch ? null : 'wrong-password',
  );
}

/** Whether what was typed is meant as a code. A password may look like a recovery code, and is none. */
async function isCode({ deps, live }: MemberContext, typed: string): Promise<boolean> {
  const { database } = deps;
  if (isRecoveryCode(typed)) return areRecoveryCodes(database, live.user.id, [typed]);
  if (!isAuthenticatorCode(typed)) return false;
  return (await listSecondFactors(database, live.user.id)).includes('authenticator');
}

/** Takes a code of the authenticator app or a recovery code as well; which of them it was. */
async function verifyPasswordOrCode(ctx: MemberContext, typed: string): Promise<Proof> {
  if (!(await isCode(ctx, typed))) {
    await verifyCurrentPassword(ctx, typed);
    return 'password';
  }
  const taken: { factor: Proof } = { factor: 'authenticator' };
  await verifyProof(ctx, async () => {
    const factor = await takeFactor(ctx, ctx.live.user, typed);
    if (factor === null) return 'wrong-code';
    taken.factor = factor;
    return null;
  });
  return taken.factor;
}

/** This session goes on under a new token after its person proved again who they are. */
export async function renewProof(ctx: MemberContext, proof: Proof): Promise<void> {
  const { deps, reply, live } = ctx;
  const { user, session } = live;
  const token = await renewSession(deps.database, session, {
    hasSecondFactor: proof !== 'password' && proof !== 'oidc',
  });
  // Somebody ended the session, or renewed it, while the proof was looked at.
  if (token === null) throw new Refusal('UNAUTHORIZED', { reason: 'sign-in-required' });
  setSessionCookies(reply, deps.settings, { token, session });
  logSecurityEvent(ctx, 'session_renewed', { userId: user.id, outcome: proof });
  await recordActivity(ctx, user.id, events[proof]);
}

const listFactors = ({ deps, live }: MemberContext) =>
  listSecondFactors(deps.database, live.user.id);

/** Says that a proof is wanted, and what the person has beside the password. */
async function askFor(
  { deps: { database, oidcProvider }, live }: MemberContext,
  reason: 'password-required' | 'code-required',
  secondFactor: SecondFactor[],
): Promise<Refusal> {
  // A second factor cannot be shown there.
  const isAsked = oidcProvider && reason === 'password-required';
  const isLinked = isAsked && (await listIdentities(database, live.user.id)).length > 0;
  return new Refusal('FORBIDDEN', {
    reason,
    ...(secondFactor.length > 0 && { secondFactor }),
    ...(isLinked && { provider: oidcProvider.label }),
  });
}

/**
 * For what a borrowed browser must not do. The password or a code comes along, and then it must be right
 * and this session goes on under a new token; or the last proof is not older than five minutes.
 */
export async function demandProof(
  ctx: MemberContext,
  { currentPassword }: { currentPassword?: string | undefined },
): Promise<void> {
  if (currentPassword !== undefined) {
    await renewProof(ctx, await verifyPasswordOrCode(ctx, currentPassword));
  } else if (!hasRecentProof(ctx)) {
    throw await askFor(ctx, 'password-required', await listFactors(ctx));
  }
}

/**
 * The same for what gives an account away or ends it: whoever has a second factor has to show that. A
 * right password is noted even so, for a passkey that does not check its person (record 71).
 */
export async function demandFullProof(
  ctx: MemberContext,
  input: { currentPassword?: string | undefined },
): Promise<void> {
  const factors = await listFactors(ctx);
  if (factors.length === 0) return demandProof(ctx, input);
  if (input.currentPassword !== undefined) await demandProof(ctx, input);
  if (!isRecent(ctx.live.session.secondFactorAt)) throw await askFor(ctx, 'code-required', factors);
}
