import type { Database, Session } from '@latchkey/db';
import type { ListPage, SignedInDevice } from '@latchkey/shared';
import { Op } from 'sequelize';
import { cleanAddress } from '../addresses/client-address.ts';
import { describeDevice } from './describe-device.ts';
import { isAfter, isLive, newestFirst } from './session.ts';

const SHOWN = 50;
/** As many as anybody may have, whatever the settings say. */
const MOST = 1000;

/** The live sessions of a person, the one last used first. */
export function findSessionsOf({ Session }: Database, userId: string): Promise<Session[]> {
  return Session.findAll({ where: { userId, ...isLive() }, order: newestFirst, limit: MOST });
}

/** On how many browsers a person is signed in. */
export function countSessions({ Session }: Database, userId: string): Promise<number> {
  return Session.count({ where: { userId, ...isLive() } });
}

/**
 * Where a person is signed in: this browser first, then the one last used. What comes after the cursor,
 * the id of the last one that was seen, is the next page; after one that is over nothing comes.
 */
export async function listSessions(
  { Session }: Database,
  current: Session,
  { limit = SHOWN, cursor }: ListPage = {},
): Promise<SignedInDevice[]> {
  const { userId } = current;
  const isFirstPage = cursor === undefined;
  const goOn = isFirstPage || cursor === current.id ? null : { id: cursor, userId };
  const last = goOn && (await Session.findOne({ where: goOn }));
  if (goOn && !last) return [];
  const others = await Session.findAll({
    where: {
      [Op.and]: [
        { userId, id: { [Op.ne]: current.id }, ...isLive() },
        ...(last ? [isAfter(last)] : []),
      ],
    },
    order: newestFirst,
    limit: isFirstPage ? limit - 1 : limit,
  });
  return [...(isFirstPage ? [current] : []), ...others].map((session) => ({
    id: session.id,
    device: describeDevice(session.userAgent),
    address: cleanAddress(session.address),
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    isCurrent: session.id === current.id,
  }));
}
