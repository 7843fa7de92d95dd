/**
 * Visits to the OpenID provider. Each answer counts once, within ten minutes, for one purpose, and in the
 * browser that was sent there. The row has hashes alone: what the provider has to repeat and prove is
 * derived from the token in the browser's cookie, so a copy of the database finishes no visit.
 */
import { createHmac } from 'node:crypto';
import { deleteInSlices, type Database, type OidcAttempt, type SliceOptions } from '@latchkey/db';
import { Op } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export const OIDC_ATTEMPT_SECONDS = 10 * 60;

/** The browser that goes to the provider. */
export type OidcBrowser = {
  /** What its cookie has. */
  token: string;
  /** Its session, where it has one. */
  sessionId: string | null;
};

/** What goes to the provider and has to come back; the verifier is shown at the end alone. */
export type Challenge = { state: string; nonce: string; verifier: string };

const derive = (token: string, use: string, state: string) =>
  createHmac('sha256', token).update(`${use}\n${state}`).digest('base64url');

export const deriveChallenge = (token: string, state: string): Challenge => ({
  state,
  nonce: derive(token, 'nonce', state),
  verifier: derive(token, 'verifier', state),
});

/** At a log-in the session may change meanwhile, in another tab. */
const hashBrowser = (purpose: OidcAttempt['purpose'], { token, sessionId }: OidcBrowser) =>
  hashToken(purpose === 'login' ? token : `${token}\n${sessionId}`);

type NewAttempt = Pick<OidcAttempt, 'purpose' | 'userId' | 'nextPath'>;

/** Puts a visit down and returns its state. */
export async function createAttempt(
  { OidcAttempt }: Database,
  browser: OidcBrowser,
  attempt: NewAttempt,
): Promise<string> {
  const state = generateToken();
  await OidcAttempt.create({
    ...attempt,
    stateHash: hashToken(state),
    browserHash: hashBrowser(attempt.purpose, browser),
    expiresAt: new Date(Date.now() + OIDC_ATTEMPT_SECONDS * 1000),
  });
  return state;
}

/** The visit with this state of this browser, if it is not over. */
export async function findAttempt(
  { OidcAttempt }: Database,
  browser: OidcBrowser,
  state: string,
): Promise<OidcAttempt | null> {
  const where = { stateHash: hashToken(state), expiresAt: { [Op.gt]: new Date() } };
  const attempt = await OidcAttempt.findOne({ where });
  return attempt?.browserHash === (attempt && hashBrowser(attempt.purpose, browser))
    ? attempt
    : null;
}

/** Uses a visit up; false where its answer was there already. */
export async function endAttempt(
  { OidcAttempt }: Database,
  { stateHash }: OidcAttempt,
): Promise<boolean> {
  return (await OidcAttempt.destroy({ where: { stateHash } })) > 0;
}

/** Deletes the visits that took too long, and returns how many. */
export function purgeOidcAttempts(
  { OidcAttempt }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(OidcAttempt, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
