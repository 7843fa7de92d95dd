/**
 * Log-ins that wait for their second factor, for ten minutes. The browser holds the token; the row says
 * who gave the right password, and is worth nothing once the account has another one.
 */
import { deleteInSlices, type Database, type SliceOptions, type User } from '@latchkey/db';
import { Op } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export const PENDING_LOGIN_SECONDS = 10 * 60;

/** @param user with the hash that the password was verified against */
export async function createPendingLogin(
  { PendingLogin }: Database,
  user: Pick<User, 'id' | 'passwordHash'>,
  staySignedIn: boolean,
): Promise<string> {
  const token = generateToken();
  await PendingLogin.create({
    tokenHash: hashToken(token),
    userId: user.id,
    proofHash: hashToken(user.passwordHash),
    staySignedIn,
    expiresAt: new Date(Date.now() + PENDING_LOGIN_SECONDS * 1000),
  });
  return token;
}

/** Who gave the right password in the browser with this token, or null. */
export async function findPendingLogin(
  { PendingLogin, User }: Database,
  token: string,
): Promise<{ user: User; staySignedIn: boolean } | null> {
  const where = { tokenHash: hashToken(token), expiresAt: { [Op.gt]: new Date() } };
  const row = await PendingLogin.findOne({ where });
  if (!row) return null;
  const user = await User.findOne({ where: { id: row.userId, disabledAt: null } });
  if (!user || hashToken(user.passwordHash) !== row.proofHash) return null;
  return { user: user.get(), staySignedIn: row.staySignedIn };
}

/** Ends a log-in that waits; false where it is over already. */
export async function endPendingLogin({ PendingLogin }: Database, token: string): Promise<boolean> {
  return (await PendingLogin.destroy({ where: { tokenHash: hashToken(token) } })) > 0;
}

/** Deletes the log-ins that waited too long, and returns how many. */
export function purgePendingLogins(
  { PendingLogin }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(PendingLogin, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
