/**
 * Links "This wasn't me" of notices. Whoever has one can stop an account, and nothing more: a new
 * password comes with another mail. The threats they are built against are those of `password-reset.ts`;
 * beside them:
 * - a mail in a mailbox that is somebody else's by now: a link works for the account that has its address;
 * - an intruder who changes the password, or asks for links: that ends none of these.
 */
import { deleteInSlices, type Database, type Mail, type SliceOptions } from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export const SECURE_LINK_DAYS = 7;
const LIFETIME_MS = SECURE_LINK_DAYS * 24 * 3_600_000;

const isValid = (token: string) => ({
  tokenHash: hashToken(token),
  expiresAt: { [Op.gt]: new Date() },
});

/** Makes the link of a mail, in the place of the one that a former attempt to send it made. */
export async function createSecureLink(
  { SecureLink }: Database,
  { mail, userId, email }: { mail: Pick<Mail, 'id'>; userId: string; email: string },
  transaction: Transaction,
): Promise<string> {
  const token = generateToken();
  const expiresAt = new Date(Date.now() + LIFETIME_MS);
  await SecureLink.destroy({ where: { mailId: mail.id }, transaction });
  const link = { mailId: mail.id, userId, email, tokenHash: hashToken(token), expiresAt };
  await SecureLink.create(link, { transaction });
  return token;
}

/**
 * The id of the person whose link it may be, and when the first thing was written down that its mail
 * tells of; null where there is none. Whether it works is asked when it is taken.
 */
export async function findPersonOfLink(
  { Mail, SecureLink }: Database,
  token: string,
): Promise<{ userId: string; noticedAt: Date } | null> {
  const link = await SecureLink.findOne({ where: isValid(token) });
  if (!link) return null;
  const mail = await Mail.findByPk(link.mailId);
  // A mail is kept for a week from its sending, which is as long as its link works.
  return { userId: link.userId, noticedAt: mail?.createdAt ?? link.createdAt };
}

/**
 * Uses a person's link up, and all others of theirs with it: one is enough for all that they tell of.
 * False when it is unknown, over, used already, or of another address than the account's.
 */
export async function takeSecureLink(
  { SecureLink }: Database,
  { token, userId, email }: { token: string; userId: string; email: string },
  transaction: Transaction,
): Promise<boolean> {
  const where = { ...isValid(token), userId, email };
  if ((await SecureLink.destroy({ where, transaction })) === 0) return false;
  await SecureLink.destroy({ where: { userId }, transaction });
  return true;
}

/** Deletes the links that are over, and returns how many there were. */
export function purgeExpiredSecureLinks(
  { SecureLink }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(SecureLink, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
