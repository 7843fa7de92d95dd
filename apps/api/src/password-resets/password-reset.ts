/**
 * Links with which a person sets a password, once. The threats they are built against:
 * - a copy of the database, or of a backup: it holds hashes of tokens, and none is brought back;
 * - logs, proxies and Referer: the token is in the address's fragment, which browsers never send;
 * - programs that open every link: a GET uses nothing up;
 * - a link that is found later: it ends soon, with its use, and with the next one, with a new password
 *   or email, and when the account is disabled.
 */
import { deleteInSlices, type Database, type SliceOptions, type User } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

/** What a link says once, when it is made. */
export type NewPasswordReset = { token: string; expiresAt: Date };

const isValid = (token: string) => ({
  tokenHash: hashToken(token),
  expiresAt: { [Op.gt]: new Date() },
});

/** Makes a link of a person, whose row is locked, in the place of any other; its token is known this once. */
export async function createPasswordReset(
  database: Database,
  userId: string,
  lifetimeSeconds: number,
  transaction: Transaction,
): Promise<NewPasswordReset> {
  const token = generateToken();
  const expiresAt = new Date(Date.now() + lifetimeSeconds * 1000);
  await endPasswordReset(database, userId, transaction);
  const reset = { userId, tokenHash: hashToken(token), expiresAt };
  await database.PasswordReset.create(reset, { transaction });
  return { token, expiresAt };
}

/** The person whose password a token may set, or null when it is unknown, over, or the account is disabled. */
export async function findPersonOfReset(
  { PasswordReset, User }: Database,
  token: string,
): Promise<User | null> {
  const reset = await PasswordReset.findOne({ where: isValid(token) });
  return reset && User.findOne({ where: { id: reset.userId, disabledAt: null } });
}

/** When the link of a person with this token ends, or null when it is unknown, over, or somebody else's. */
export async function findEndOfReset(
  { PasswordReset }: Database,
  { userId, token }: { userId: string; token: string },
): Promise<Date | null> {
  const reset = await PasswordReset.findOne({ where: { ...isValid(token), userId } });
  return reset?.expiresAt ?? null;
}

/** Uses a token up. False when it is unknown, over, or used already. */
export async function takePasswordReset(
  { PasswordReset }: Database,
  token: string,
  transaction: Transaction,
): Promise<boolean> {
  return (await PasswordReset.destroy({ where: isValid(token), transaction })) > 0;
}

/** Ends the link of a person, if there is one. */
export async function endPasswordReset(
  { PasswordReset }: Database,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  await PasswordReset.destroy({ where: { userId }, transaction });
}

/** Deletes the links that are over, and returns how many there were. */
export function purgeExpiredPasswordResets(
  { PasswordReset }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(PasswordReset, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
