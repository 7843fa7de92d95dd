/**
 * Links that are mailed to an address: to confirm it, or to put it back. The threats they are built
 * against:
 * - a copy of the database: it holds hashes of codes, and no code before its mail is sent;
 * - logs, proxies and Referer: the code is in the address's fragment, which browsers never send;
 * - programs that open every link in a mail: a GET uses nothing up;
 * - an account that is taken over: a new password ends a change that waits, and the old address can be
 *   put back.
 */
import { deleteInSlices, type Database, type EmailLink, type SliceOptions } from '@latchkey/db';
import { col, fn, Op, where, type CreationAttributes, type Transaction } from 'sequelize';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export type EmailLinkPurpose = EmailLink['purpose'];

const HOUR_SECONDS = 3600;
/** How long a link works, from the moment its mail is sent. */
export const linkLifetimes: Record<EmailLinkPurpose, number> = {
  registration: 24 * HOUR_SECONDS,
  'new-email': HOUR_SECONDS,
  'undo-email': 72 * HOUR_SECONDS,
};
/** A mail is tried for a day. */
const KEPT_FOR_MAIL_SECONDS = 25 * HOUR_SECONDS;

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

/** Writes a link that waits for its mail. */
export function createEmailLink(
  { EmailLink }: Database,
  link: Omit<CreationAttributes<EmailLink>, 'expiresAt' | 'tokenHash'>,
  transaction: Transaction,
): Promise<EmailLink> {
  return EmailLink.create(
    { ...link, expiresAt: inSeconds(KEPT_FOR_MAIL_SECONDS) },
    { transaction },
  );
}

/** The link that a mail is for, or null when it is over. */
export async function findEmailLink(
  { EmailLink }: Database,
  id: string | undefined,
): Promise<EmailLink | null> {
  if (id === undefined) return null;
  return EmailLink.findOne({ where: { id, expiresAt: { [Op.gt]: new Date() } } });
}

/** Makes a link's code, in the place of any other; from now on it works for its time. */
export async function giveCode(link: EmailLink): Promise<string> {
  const token = generateToken();
  await link.update({
    tokenHash: hashToken(token),
    expiresAt: inSeconds(linkLifetimes[link.purpose]),
  });
  return token;
}

/** For a link that nobody gets: to its person it looks like one that was sent. */
export async function withholdCode(link: EmailLink, transaction: Transaction): Promise<void> {
  await link.update({ expiresAt: inSeconds(linkLifetimes[link.purpose]) }, { transaction });
}

/** The link of a code, or null when it is unknown, over, used, or for something else. */
export function findLinkOfCode(
  { EmailLink }: Database,
  token: string,
  purpose: EmailLinkPurpose[],
): Promise<EmailLink | null> {
  const expiresAt = { [Op.gt]: new Date() };
  return EmailLink.findOne({ where: { tokenHash: hashToken(token), purpose, expiresAt } });
}

/** Uses a link up. False when that was done meanwhile, or its code was replaced. */
export async function takeEmailLink(
  { EmailLink }: Database,
  { id, tokenHash }: EmailLink,
  transaction: Transaction,
): Promise<boolean> {
  return (await EmailLink.destroy({ where: { id, tokenHash }, transaction })) > 0;
}

/**
 * The registrations of an address that wait. Their rows are locked in one order, so that of two that are
 * confirmed at once the second waits for the first.
 */
export function lockRegistrations(
  { EmailLink }: Database,
  email: string,
  transaction: Transaction,
): Promise<EmailLink[]> {
  const ofAddress = where(fn('lower', col('email')), email.toLowerCase());
  return EmailLink.findAll({
    where: { [Op.and]: [{ purpose: 'registration' }, ofAddress] },
    order: [['id', 'ASC']],
    lock: transaction.LOCK.UPDATE,
    transaction,
  });
}

/** The change of a person's email that waits, or null. */
export function findEmailChange(
  { EmailLink }: Database,
  userId: string,
): Promise<EmailLink | null> {
  const where = { userId, purpose: 'new-email', expiresAt: { [Op.gt]: new Date() } };
  return EmailLink.findOne({ where });
}

/** Ends the change of a person's email that waits, if there is one. */
export async function endEmailChange(
  { EmailLink }: Database,
  userId: string,
  transaction: Transaction,
): Promise<void> {
  await EmailLink.destroy({ where: { userId, purpose: 'new-email' }, transaction });
}

/** A person's links that are not over, oldest first. */
export function listEmailLinks({ EmailLink }: Database, userId: string): Promise<EmailLink[]> {
  return EmailLink.findAll({
    where: { userId, expiresAt: { [Op.gt]: new Date() } },
    order: [['createdAt', 'ASC']],
  });
}

/** Deletes the links that are over, and returns how many there were. */
export function purgeExpiredEmailLinks(
  { EmailLink }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(EmailLink, { expiresAt: { [Op.lte]: new Date() } }, slices);
}
