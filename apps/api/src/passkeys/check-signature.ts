import type { PasskeyLoginAnswer } from '@latchkey/shared';
import type { Context } from '../procedures/context.ts';
import { noteUse, type findPasskey } from '../second-factors/passkey.ts';
import { verifyLogin } from '../second-factors/webauthn.ts';

type Answered = {
  answer: PasskeyLoginAnswer;
  found: NonNullable<Awaited<ReturnType<typeof findPasskey>>>;
  /** Whether somebody else has checked who uses the passkey. */
  isVerifiedAnyway: boolean;
};

/** What a passkey's answer to a challenge is worth. A right one is noted as its use. */
export async function checkSignature(
  { deps: { database, settings, log } }: Context,
  challenge: string,
  { answer, found: { user, passkey }, isVerifiedAnyway }: Answered,
): Promise<'signed' | 'wrong-passkey' | 'passkey-unverified' | 'passkey-went-back'> {
  const place = { origin: settings.publicOrigin };
  const signed = await verifyLogin(place, challenge, { answer, passkey });
  if (signed instanceof Error) {
    log.warn({ reason: signed.message, userId: user.id }, 'A passkey was refused.');
    return 'wrong-passkey';
  }
  if (!isVerifiedAnyway && !signed.isUserVerified) return 'passkey-unverified';
  return (await noteUse(database, passkey, signed)) ? 'signed' : 'passkey-went-back';
}
