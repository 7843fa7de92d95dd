/**
 * The secret address of a person's own feed. A feed reader logs in nowhere, so whoever has the
 * address reads what its person may read, and nothing else. The threats it is built against:
 * - a copy of the database: it holds the hash of the token alone;
 * - guessing: 256 random bits, of which no number of attempts finds one, so none is counted;
 * - an address that got out: a new one, or none, ends it at once, and so does a new password;
 * - an account that is disabled or deleted: its address is nobody's at the next request.
 */
import type { Database, Session, User } from '@latchkey/db';
import type { FeedStatus } from '@latchkey/shared';
import { Op, type Transaction } from 'sequelize';
import { readsWithoutLimit } from '../articles/reader.ts';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

const addressPath = /^\/feed\/([\w-]{43})\.xml$/;
const HOUR_MS = 3_600_000;

/** The token of a feed's path, or null where the path is no feed's. */
export function readFeedToken(path: string): string | null {
  return addressPath.exec(path)?.[1] ?? null;
}

/** The address of a token, as a person gives it to a feed reader. */
export function writeFeedAddress(publicOrigin: string, token: string): string {
  return `${publicOrigin}/feed/${token}.xml`;
}

/** Whether this is the address of this person's feed, at this moment. */
export async function isFeedAddress(
  { FeedAddress }: Database,
  publicOrigin: string,
  { userId, address }: { userId: string; address: string },
): Promise<boolean> {
  const path = address.startsWith(publicOrigin) ? address.slice(publicOrigin.length) : '';
  const token = readFeedToken(path);
  if (token === null) return false;
  return (await FeedAddress.count({ where: { userId, tokenHash: hashToken(token) } })) > 0;
}

/**
 * Makes a person's feed another address and returns its token, the only time that it is known; null
 * when the session was ended or renewed meanwhile. Both are seen to at one time, or a request that
 * was under way would outlive the new password that ended its session.
 */
export function makeFeedAddress(
  { sequelize, User, Session, FeedAddress }: Database,
  { id, tokenHash, userId }: Session,
): Promise<string | null> {
  return sequelize.transaction(async (transaction) => {
    const lock = transaction.LOCK.UPDATE;
    // The person's row before any other, as whoever ends their sessions does: none waits for the other.
    await User.findByPk(userId, { transaction, lock });
    const live = await Session.findOne({ where: { id, tokenHash }, transaction, lock });
    if (!live) return null;
    const token = generateToken();
    const made = { tokenHash: hashToken(token), madeAt: new Date(), lastUsedAt: null };
    await FeedAddress.upsert({ userId, ...made }, { transaction });
    return token;
  });
}

/** Turns a person's feed off. False when it had no address. */
export async function revokeFeedAddress(
  { FeedAddress }: Database,
  userId: string,
  transaction?: Transaction,
): Promise<boolean> {
  const where = { userId };
  return (await FeedAddress.destroy({ where, transaction: transaction ?? null })) > 0;
}

/** Whose feed a token opens, or null when it is unknown, turned off, or the account is disabled. */
export async function findFeedOwner(
  { FeedAddress }: Database,
  token: string,
): Promise<User | null> {
  const found = await FeedAddress.findOne({
    where: { tokenHash: hashToken(token) },
    include: { association: 'user', required: true, where: { disabledAt: null } },
  });
  return found?.user ?? null;
}

/** Notes that a feed was fetched, at most once an hour. */
export async function noteFeedUse({ FeedAddress }: Database, token: string): Promise<void> {
  const now = new Date();
  const anHourAgo = new Date(now.getTime() - HOUR_MS);
  await FeedAddress.update(
    { lastUsedAt: now },
    {
      where: {
        tokenHash: hashToken(token),
        lastUsedAt: { [Op.or]: [{ [Op.is]: null }, { [Op.lte]: anHourAgo }] },
      },
    },
  );
}

/** How a person's feed stands. */
export async function describeFeed({ FeedAddress }: Database, user: User): Promise<FeedStatus> {
  const found = await FeedAddress.findByPk(user.id);
  return {
    isWhole: readsWithoutLimit(user),
    madeAt: found?.madeAt.toISOString() ?? null,
    lastUsedAt: found?.lastUsedAt?.toISOString() ?? null,
  };
}
