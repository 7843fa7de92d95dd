import type { PublicPasskey, RegistrationAnswer } from '@latchkey/shared';
import type { MemberContext } from '../auth/demand-proof.ts';
import { keepPasskeyBrowser, readPasskeyBrowser } from '../http/passkey-cookie.ts';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import { holdPerson } from '../second-factors/hold-person.ts';
import { createChallenge, takeChallenge } from '../second-factors/passkey-challenge.ts';
import {
  countPasskeys,
  listPasskeys,
  PASSKEYS_MAX,
  toPublicPasskey,
} from '../second-factors/passkey.ts';
import { countRecoveryCodes, renewRecoveryCodes } from '../second-factors/recovery-codes.ts';
import {
  describeRegistration,
  readChallenge,
  verifyRegistration,
  type NewPasskey,
} from '../second-factors/webauthn.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import { showEmail } from '../users/show-email.ts';

type Registration =
  | { outcome: 'added'; passkey: PublicPasskey; recoveryCodes: string[] | null }
  | { outcome: 'passkey-exists' | 'passkey-not-added' | 'too-many-passkeys' };

/** What this browser makes a passkey from; null where the person has too many. */
export async function startRegistration(ctx: MemberContext) {
  const { database, settings } = ctx.deps;
  const { id, email, name } = ctx.live.user;
  const existing = await listPasskeys(database, id);
  if (existing.length >= PASSKEYS_MAX) return null;
  const browser = keepPasskeyBrowser(ctx, settings);
  const ceremony = { purpose: 'registration', userId: id, browser } as const;
  const challenge = await createChallenge(database, ceremony);
  const person = { id, name, email: showEmail(email) };
  const place = { origin: settings.publicOrigin };
  return describeRegistration(place, person, { challenge, existing });
}

/** The passkey that an answer to the challenge of this browser brings, or null. */
async function readPasskey(
  { deps, request, live }: MemberContext,
  answer: RegistrationAnswer,
): Promise<NewPasskey | null> {
  const { database, settings, log } = deps;
  const challenge = readChallenge(answer.response);
  const browser = readPasskeyBrowser(request, settings);
  if (challenge === null || browser === undefined) return null;
  const ceremony = { purpose: 'registration', userId: live.user.id, browser } as const;
  if (!(await takeChallenge(database, challenge, ceremony))) return null;
  const place = { origin: settings.publicOrigin };
  const passkey = await verifyRegistration(place, challenge, answer);
  if (!(passkey instanceof Error)) return passkey;
  log.warn({ reason: passkey.message }, 'A passkey was not added.');
  return null;
}

/** Adds the passkey that an answer brings, and the recovery codes where the person has none. */
export async function finishRegistration(
  ctx: MemberContext,
  answer: RegistrationAnswer,
  name = describeDevice(ctx.request.headers['user-agent']),
): Promise<Registration> {
  const found = await readPasskey(ctx, answer);
  if (!found) return { outcome: 'passkey-not-added' };
  return addPasskey(ctx, { ...found, name, userId: ctx.live.user.id });
}

function addPasskey(
  ctx: MemberContext,
  passkey: NewPasskey & { name: string; userId: string },
): Promise<Registration> {
  const { database } = ctx.deps;
  const { id, userId } = passkey;
  const { sequelize, Passkey } = database;
  return sequelize.transaction(async (transaction): Promise<Registration> => {
    await holdPerson(database, userId, transaction);
    if (await Passkey.findByPk(id, { transaction })) return { outcome: 'passkey-exists' };
    if ((await countPasskeys(database, userId, transaction)) >= PASSKEYS_MAX) {
      return { outcome: 'too-many-passkeys' };
    }
    const added = await Passkey.create(passkey, { transaction });
    await enqueueNotice(ctx, { kind: 'passkey-added', user: ctx.live.user }, transaction);
    const hasCodes = (await countRecoveryCodes(database, userId, transaction)) > 0;
    const recoveryCodes = hasCodes ? null : await renewRecoveryCodes(database, userId, transaction);
    return { outcome: 'added', passkey: toPublicPasskey(added), recoveryCodes };
  });
}
