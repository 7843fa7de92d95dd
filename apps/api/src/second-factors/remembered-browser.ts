/**
 * Browsers that are asked for no second factor for 30 days. Each belongs to its latest session: whoever
 * ends that from elsewhere forgets the browser too.
 */
import { deleteInSlices, type Database, type SliceOptions } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export const REMEMBERED_SECONDS = 30 * 86_400;

type Owner = { userId: string; sessionId: string };

/** Remembers a browser, and returns the token for its cookie. */
export async function rememberBrowser(
  { RememberedBrowser }: Database,
  { userId, sessionId }: Owner,
): Promise<string> {
  const token = generateToken();
  const expiresAt = new Date(Date.now() + REMEMBERED_SECONDS * 1000);
  await RememberedBrowser.create({ tokenHash: hashToken(token), userId, sessionId, expiresAt });
  return token;
}

const isLive = (token: string, userId: string) => ({
  tokenHash: hashToken(token),
  userId,
  expiresAt: { [Op.gt]: new Date() },
});

/** Whether a browser with this token is remembered for a person. */
export async function isRemembered(
  { RememberedBrowser }: Database,
  token: string,
  userId: string,
): Promise<boolean> {
  return (await RememberedBrowser.count({ where: isLive(token, userId) })) > 0;
}

/** Ties a remembered browser to the session that was just started in it. */
export async function tieToSession(
  { RememberedBrowser }: Database,
  token: string,
  { userId, sessionId }: Owner,
): Promise<void> {
  await RememberedBrowser.update({ sessionId }, { where: isLive(token, userId) });
}

/** Forgets the browsers of a person: that of one session, or all, or all but that of one. */
export async function forgetBrowsers(
  { RememberedBrowser }: Database,
  { userId, ...sessions }: { userId: string; of?: string; butOf?: string },
  transaction?: Transaction,
): Promise<void> {
  const where = {
    userId,
    ...(sessions.of !== undefined && { sessionId: sessions.of }),
    ...(sessions.butOf !== undefined && { sessionId: { [Op.ne]: sessions.butOf } }),
  };
  await RememberedBrowser.destroy({ where, ...(transaction && { transaction }) });
}

/** Deletes those whose time is over, and returns how many. */
export function purgeRememberedBrowsers(
  { RememberedBrowser }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(RememberedBrowser, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
