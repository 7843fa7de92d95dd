/**
 * Sessions: who this browser is. The threats they are built against:
 * - a copy of the database: it holds hashes of tokens, never a token;
 * - fixation: a token is made anew at each log-in, and the browser's former session ends;
 * - a stolen cookie: it dies at log-out, after being idle, and at an absolute age, all kept here;
 * - a disabled or deleted account: its sessions are nobody's at the next request;
 * - a log-in that a new password or a disabling overtakes: the row that was verified must still stand.
 */
import {
  deleteInSlices,
  type Database,
  type Session,
  type SliceOptions,
  type User,
} from '@latchkey/db';
import { Op, type Transaction } from 'sequelize';
import { cleanAddress } from '../addresses/client-address.ts';
import type { Settings } from '../settings/settings.ts';
import { generateToken, hashToken } from '../tokens/secret-token.ts';

export type NewSession = {
  /** Whose password was verified, with the hash that it was verified against. */
  user: Pick<User, 'id' | 'passwordHash'>;
  staySignedIn: boolean;
  /** Whether a second factor was shown as well. */
  hasSecondFactor?: boolean;
  /** When the person proved who they are; left out, now. */
  authenticatedAt?: Date | undefined;
} & Client;
/** Where a request came from, for the person's own lists. */
export type Client = { address: string | null; userAgent: string | null };
/** What tells of it in a request. */
export type ClientRequest = { ip: string; headers: { 'user-agent'?: string | undefined } };

const USER_AGENT_MAX_LENGTH = 400;

const addSeconds = (date: Date, seconds: number) => new Date(date.getTime() + seconds * 1000);
const earlier = (one: Date, other: Date) => (one < other ? one : other);

function getLifetime(staySignedIn: boolean, settings: Settings['session']) {
  return staySignedIn ? settings.stay : settings.plain;
}

/** Where a request came from, in a form that the database takes. */
export function describeClient({ ip, headers }: ClientRequest): Client {
  return {
    address: cleanAddress(ip),
    userAgent: headers['user-agent']?.slice(0, USER_AGENT_MAX_LENGTH) ?? null,
  };
}

/**
 * Whether an account still has the password that was verified, and may log in: it is neither disabled nor
 * waiting for approval. Its row stays as it is until the end of the transaction: who changes the password
 * then finds the session that was started, and ends it; and log-ins of one person follow one another, so
 * that their sessions can be counted.
 */
async function isStillProven(
  { User }: Database,
  { id, passwordHash }: NewSession['user'],
  transaction: Transaction,
): Promise<boolean> {
  // On SQLite BEGIN IMMEDIATE has the whole file.
  const lock = transaction.LOCK.NO_KEY_UPDATE;
  const where = { id, passwordHash, disabledAt: null, waitingSince: null };
  return (await User.findOne({ where, transaction, lock })) !== null;
}

/**
 * Starts a session and returns its token, the only time that it is known; or null when the password
 * that was verified is no longer the account's, or the account is disabled or gone.
 */
export async function createSession(
  database: Database,
  settings: Settings['session'],
  newSession: NewSession,
  transaction: Transaction,
): Promise<{ token: string; session: Session } | null> {
  if (!(await isStillProven(database, newSession.user, transaction))) return null;
  const token = generateToken();
  const now = new Date();
  const { idleSeconds, absoluteSeconds } = getLifetime(newSession.staySignedIn, settings);
  const expiresAt = addSeconds(now, absoluteSeconds);
  const session = await database.Session.create(
    {
      userId: newSession.user.id,
      tokenHash: hashToken(token),
      staySignedIn: newSession.staySignedIn,
      address: newSession.address,
      userAgent: newSession.userAgent,
      authenticatedAt: newSession.authenticatedAt ?? now,
      secondFactorAt: newSession.hasSecondFactor ? now : null,
      lastSeenAt: now,
      idleExpiresAt: earlier(addSeconds(now, idleSeconds), expiresAt),
      expiresAt,
    },
    { transaction },
  );
  return { token, session };
}

/**
 * Ends the sessions of a person that are too many beside a new one, those not used for longest, and
 * returns how many. It is called in the transaction that made the new one.
 */
export async function endOldestSessions(
  { Session }: Database,
  { id, userId }: Session,
  most: number,
  transaction: Transaction,
): Promise<number> {
  const others = { userId, id: { [Op.ne]: id }, ...isLive() };
  const [firstTooMany] = await Session.findAll({
    attributes: ['id', 'lastSeenAt'],
    where: others,
    order: newestFirst,
    offset: most - 1,
    limit: 1,
    transaction,
  });
  if (!firstTooMany) return 0;
  const tooMany = { [Op.or]: [{ id: firstTooMany.id }, isAfter(firstTooMany)] };
  return Session.destroy({ where: { [Op.and]: [others, tooMany] }, transaction });
}

/** Which sessions are not over. */
export function isLive() {
  const now = new Date();
  return { idleExpiresAt: { [Op.gt]: now }, expiresAt: { [Op.gt]: now } };
}

/** The order in which sessions are listed. */
export const newestFirst: [string, string][] = [
  ['lastSeenAt', 'DESC'],
  ['id', 'DESC'],
];

/** Which sessions come after this one in that order. */
export function isAfter({ id, lastSeenAt }: Pick<Session, 'id' | 'lastSeenAt'>) {
  return {
    [Op.or]: [{ lastSeenAt: { [Op.lt]: lastSeenAt } }, { lastSeenAt, id: { [Op.lt]: id } }],
  };
}

/** Whether a session was last moved on so long ago that it is to be moved on again. */
export function isTouchDue(
  { lastSeenAt }: Session,
  { touchSeconds }: Settings['session'],
): boolean {
  return lastSeenAt <= addSeconds(new Date(), -touchSeconds);
}

/**
 * Moves a session's idle end on, at most once in `touchSeconds`. True when it moved: its cookie must
 * then move with it. It never brings back a session that was ended meanwhile, nor a token that was
 * renewed.
 */
export async function touchSession(
  database: Database,
  settings: Settings['session'],
  session: Session,
  transaction?: Transaction,
): Promise<boolean> {
  if (!isTouchDue(session, settings)) return false;
  const now = new Date();
  const touchedBefore = addSeconds(now, -settings.touchSeconds);
  const { idleSeconds } = getLifetime(session.staySignedIn, settings);
  const idleExpiresAt = earlier(addSeconds(now, idleSeconds), session.expiresAt);
  const [count] = await database.Session.update(
    { lastSeenAt: now, idleExpiresAt },
    // Asked of the row again: of many requests at once one moves it, and none with a former token.
    {
      where: {
        id: session.id,
        tokenHash: session.tokenHash,
        lastSeenAt: { [Op.lte]: touchedBefore },
        expiresAt: { [Op.gt]: now },
      },
      transaction: transaction ?? null,
    },
  );
  if (count === 0) return false;
  Object.assign(session, { lastSeenAt: now, idleExpiresAt });
  return true;
}

/**
 * Gives a session a new token after its person proved again who they are; the former one is dead. The
 * token, or null when the session was ended or renewed meanwhile.
 *
 * @param options.hasSecondFactor whether they proved it with something beside the password
 */
export async function renewSession(
  { Session }: Database,
  session: Session,
  { hasSecondFactor, transaction }: { hasSecondFactor: boolean; transaction?: Transaction },
): Promise<string | null> {
  const token = generateToken();
  const now = new Date();
  const renewed = {
    tokenHash: hashToken(token),
    authenticatedAt: now,
    ...(hasSecondFactor && { secondFactorAt: now }),
  };
  const [count] = await Session.update(renewed, {
    where: { id: session.id, tokenHash: session.tokenHash },
    transaction: transaction ?? null,
  });
  if (count === 0) return null;
  Object.assign(session, renewed);
  return token;
}

/** Notes that a second factor was shown in a session: whoever adds one has it at hand. */
export async function noteSecondFactor({ Session }: Database, { id }: Session): Promise<void> {
  await Session.update({ secondFactorAt: new Date() }, { where: { id } });
}

/** Ends one session. Ending it twice is no fault. */
export async function endSession(
  { Session }: Database,
  { id }: Session,
  transaction?: Transaction,
): Promise<void> {
  await Session.destroy({ where: { id }, transaction: transaction ?? null });
}

/** Deletes the sessions that are over, and returns how many there were. No idle end is after its session's end. */
export function purgeExpiredSessions(
  { Session }: Database,
  slices?: SliceOptions,
): Promise<number> {
  return deleteInSlices(Session, { idleExpiresAt: { [Op.lte]: new Date() } }, slices);
}
