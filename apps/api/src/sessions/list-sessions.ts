import type { Database, Session } from '@latchkey/db';
import type { SignedInDevice } from '@latchkey/shared';
import { Op } from 'sequelize';
import { cleanAddress } from '../client-address.ts';
import { describeDevice } from './describe-device.ts';

/** The live sessions of a person, the one last used first. */
export function findSessionsOf({ Session }: Database, userId: string): Promise<Session[]> {
  const now = new Date();
  return Session.findAll({
    where: { userId, idleExpiresAt: { [Op.gt]: now }, expiresAt: { [Op.gt]: now } },
    order: [
      ['lastSeenAt', 'DESC'],
      ['id', 'DESC'],
    ],
  });
}

/** Where a person is signed in: this browser first, then the one last used. */
export async function listSessions(
  database: Database,
  current: Session,
): Promise<SignedInDevice[]> {
  const sessions = await findSessionsOf(database, current.userId);
  const isCurrent = ({ id }: { id: string }) => id === current.id;
  return sessions
    .map((session) => ({
      id: session.id,
      device: describeDevice(session.userAgent),
      address: cleanAddress(session.address),
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      isCurrent: isCurrent(session),
    }))
    .sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent));
}
