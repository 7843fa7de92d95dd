import type { PasskeyLoginAnswer } from '@latchkey/shared';
import { hasRecentProof, type MemberContext } from '../auth/demand-proof.ts';
import { createChallenge, takeChallenge } from '../second-factors/passkey-challenge.ts';
import { findPasskey, listPasskeys } from '../second-factors/passkey.ts';
import { describeLogin, readChallenge } from '../second-factors/webauthn.ts';
import { checkSignature } from './check-signature.ts';

/** Bound to the session, and not to a cookie beside it: no other session can answer. */
const describeCeremony = ({ live: { user, session } }: MemberContext) =>
  ({ purpose: 'login', userId: user.id, browser: session.id }) as const;

/** What this browser asks the person's passkeys with; null where the person has none. */
export async function startProof(ctx: MemberContext) {
  const { database, settings } = ctx.deps;
  const allowed = await listPasskeys(database, ctx.live.user.id);
  if (allowed.length === 0) return null;
  const challenge = await createChallenge(database, describeCeremony(ctx));
  const userVerification = hasRecentProof(ctx) ? 'preferred' : 'required';
  const place = { origin: settings.publicOrigin };
  return describeLogin(place, { challenge, allowed, userVerification });
}

/** Whether a passkey of the person has signed. Beside a recent proof it need not check who uses it. */
export async function provePasskey(ctx: MemberContext, answer: PasskeyLoginAnswer) {
  const { database } = ctx.deps;
  const challenge = readChallenge(answer.response);
  const isOwn =
    challenge !== null && (await takeChallenge(database, challenge, describeCeremony(ctx)));
  const found = await findPasskey(database, answer.id);
  if (!isOwn || found?.user.id !== ctx.live.user.id) return 'wrong-passkey';
  const isVerifiedAnyway = hasRecentProof(ctx);
  const outcome = await checkSignature(ctx, challenge, { answer, found, isVerifiedAnyway });
  return outcome === 'signed' ? null : outcome;
}
