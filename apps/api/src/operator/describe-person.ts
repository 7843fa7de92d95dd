import type { Database } from '@latchkey/db';
import type { PersonDetails } from '@latchkey/shared';
import { listActivities } from '../activity/list-activities.ts';
import { cleanAddress } from '../addresses/client-address.ts';
import { listSecondFactors } from '../second-factors/list-factors.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import { findSessionsOf } from '../sessions/list-sessions.ts';
import { describePerson } from './known-person.ts';

const ACTIVITIES = 20;

/** All that operators see of a person, or null where there is none. */
export async function findDetails(
  database: Database,
  { id, cursor }: { id: string; cursor?: string | undefined },
): Promise<PersonDetails | null> {
  const user = await database.User.findByPk(id);
  if (!user) return null;
  const sessions = await findSessionsOf(database, id);
  const wanted = { limit: ACTIVITIES + 1, ...(cursor !== undefined && { cursor }) };
  const activities = await listActivities(database, id, wanted);
  return {
    person: describePerson(user),
    factors: await listSecondFactors(database, id),
    sessions: sessions.map((session) => ({
      id: session.id,
      device: describeDevice(session.userAgent),
      address: cleanAddress(session.address),
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
    })),
    activities: activities.slice(0, ACTIVITIES),
    isMoreActivity: activities.length > ACTIVITIES,
  };
}
