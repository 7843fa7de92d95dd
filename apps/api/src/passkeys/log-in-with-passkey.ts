import type { User } from '@latchkey/db';
import type { PasskeyLoginAnswer } from '@latchkey/shared';
import { takeLoginAttempt } from '../auth/take-login-attempt.ts';
import { findKnownDevice } from '../http/known-device.ts';
import { keepPasskeyBrowser, readPasskeyBrowser } from '../http/passkey-cookie.ts';
import { readPendingLogin } from '../http/second-factor-cookies.ts';
import type { Context } from '../procedures/context.ts';
import { createChallenge, takeChallenge } from '../second-factors/passkey-challenge.ts';
import { findPasskey, listPasskeys } from '../second-factors/passkey.ts';
import { findPendingLogin } from '../second-factors/pending-login.ts';
import { describeLogin, readChallenge } from '../second-factors/webauthn.ts';
import { checkSignature } from './check-signature.ts';

/** The log-in that waits for its second step in this browser, or null. */
async function findPending({ deps: { database, settings }, request }: Context) {
  const token = readPendingLogin(request, settings);
  const pending = token === undefined ? null : await findPendingLogin(database, token);
  return token === undefined || pending === null ? null : { token, ...pending };
}

type Pending = Awaited<ReturnType<typeof findPending>>;

type PasskeyLogin =
  | { outcome: 'logged-in'; user: User; pending: Pending }
  | { outcome: 'unknown-passkey' }
  | { outcome: 'wrong-passkey' | 'passkey-unverified' | 'passkey-went-back'; user: User };

/** What this browser asks its passkeys with: those of who gave the password here, or any. */
export async function startLogin(ctx: Context, { alone = false }: { alone?: boolean | undefined }) {
  const { database, settings } = ctx.deps;
  const pending = alone ? null : await findPending(ctx);
  const allowed = pending ? await listPasskeys(database, pending.user.id) : [];
  const browser = keepPasskeyBrowser(ctx, settings);
  const ceremony = { purpose: 'login', userId: null, browser } as const;
  const challenge = await createChallenge(database, ceremony);
  const userVerification = pending ? 'preferred' : 'required';
  const place = { origin: settings.publicOrigin };
  return describeLogin(place, { challenge, allowed, userVerification });
}

/** The challenge of this browser that an answer signs, used up with this; null where there is none. */
async function readOwnChallenge(
  { deps: { database, settings }, request }: Context,
  { response }: PasskeyLoginAnswer,
): Promise<string | null> {
  const challenge = readChallenge(response);
  const browser = readPasskeyBrowser(request, settings);
  if (challenge === null || browser === undefined) return null;
  const ceremony = { purpose: 'login', userId: null, browser } as const;
  return (await takeChallenge(database, challenge, ceremony)) ? challenge : null;
}

/** Whose passkey has signed. Beside the password it need not check its person; alone it must. */
async function verifyPasskey(ctx: Context, answer: PasskeyLoginAnswer): Promise<PasskeyLogin> {
  const { database } = ctx.deps;
  const challenge = await readOwnChallenge(ctx, answer);
  const found = await findPasskey(database, answer.id);
  if (!found) return { outcome: 'unknown-passkey' };
  const { user } = found;
  if (challenge === null) return { outcome: 'wrong-passkey', user };
  const waiting = await findPending(ctx);
  const pending = waiting?.user.id === user.id ? waiting : null;
  const isVerifiedAnyway = pending !== null;
  const outcome = await checkSignature(ctx, challenge, { answer, found, isVerifiedAnyway });
  return outcome === 'signed' ? { outcome: 'logged-in', user, pending } : { outcome, user };
}

/** The same within the limits of log-ins, which count each passkey by itself. */
export async function tryPasskey(ctx: Context, answer: PasskeyLoginAnswer): Promise<PasskeyLogin> {
  const found = await findPasskey(ctx.deps.database, answer.id);
  const device = findKnownDevice(ctx.request, ctx.deps.settings, found?.user ?? null);
  const counted = {
    identifier: `\npasskey ${answer.id}\n${device ?? ''}`,
    isKnown: device !== null,
  };
  return takeLoginAttempt(ctx, counted, () => verifyPasskey(ctx, answer));
}
