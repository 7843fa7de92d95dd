/**
 * What a passkey has to sign. Each challenge counts once, within ten minutes, for one purpose, and in
 * the browser that asked for it: an answer that was caught is worth nothing anywhere else.
 */
import {
  deleteInSlices,
  type Database,
  type PasskeyChallenge,
  type SliceOptions,
} from '@latchkey/db';
import { Op } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export const CHALLENGE_SECONDS = 10 * 60;

/** What a challenge is for. */
export type Ceremony = Pick<PasskeyChallenge, 'purpose'> & {
  /** Whose passkey is added or proves again who is there; null at a log-in. */
  userId: string | null;
  /** The token in the cookie of the browser, or the id of the session. */
  browser: string;
};

const describe = ({ purpose, userId, browser }: Ceremony) => ({
  purpose,
  userId,
  browserHash: hashToken(browser),
});

/** Makes a challenge: 256 random bits in base64url. */
export async function createChallenge(
  { PasskeyChallenge }: Database,
  ceremony: Ceremony,
): Promise<string> {
  const challenge = generateToken();
  const expiresAt = new Date(Date.now() + CHALLENGE_SECONDS * 1000);
  const challengeHash = hashToken(challenge);
  await PasskeyChallenge.create({ ...describe(ceremony), challengeHash, expiresAt });
  return challenge;
}

/** Whether a challenge was made for this and waits. It is used up. */
export async function takeChallenge(
  { PasskeyChallenge }: Database,
  challenge: string,
  ceremony: Ceremony,
): Promise<boolean> {
  const challengeHash = hashToken(challenge);
  const expiresAt = { [Op.gt]: new Date() };
  const where = { ...describe(ceremony), challengeHash, expiresAt };
  return (await PasskeyChallenge.destroy({ where })) > 0;
}

/** Deletes the challenges that waited too long, and returns how many. */
export function purgePasskeyChallenges(
  { PasskeyChallenge }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(PasskeyChallenge, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
