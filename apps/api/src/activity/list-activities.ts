import type { Activity, Database } from '@latchkey/db';
import {
  activityEvents,
  isOperatorEvent,
  type ActivityEvent,
  type ListPage,
  type PublicActivity,
} from '@latchkey/shared';
import { Op } from 'sequelize';
import { cleanAddress } from '../addresses/client-address.ts';
import { describeDevice } from '../sessions/describe-device.ts';

const SHOWN = 50;
/** Nobody reads more lines of one account, and whoever makes more wants to fill the disk. */
export const KEPT_PER_PERSON = 10_000;

/** A person's own security log, newest first. */
export function findActivities(
  { Activity }: Database,
  userId: string,
  limit = KEPT_PER_PERSON,
  last?: Activity,
): Promise<Activity[]> {
  const { createdAt, id } = last ?? {};
  const isOlder =
    createdAt !== undefined && id !== undefined
      ? { [Op.or]: [{ createdAt: { [Op.lt]: createdAt } }, { createdAt, id: { [Op.lt]: id } }] }
      : {};
  return Activity.findAll({
    where: { userId, ...isOlder },
    order: [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ],
    limit,
  });
}

/** What happened, by name and in words. */
export function describeEvent({
  event,
  detail,
  note,
}: Activity): Pick<PublicActivity, 'event' | 'description'> {
  const words = activityEvents[event as ActivityEvent];
  const named = detail ? `${words}: ${detail}` : words;
  return { event: event as ActivityEvent, description: note ? `${named} (${note})` : named };
}

/**
 * The newest lines of a person's own security log, as they are shown, or those that are older than the
 * one whose id is the cursor; older than one that is gone there is nothing.
 */
export async function listActivities(
  database: Database,
  userId: string,
  { limit = SHOWN, cursor }: ListPage = {},
): Promise<PublicActivity[]> {
  const wanted = { where: { id: cursor ?? '', userId } };
  const last = cursor === undefined ? undefined : await database.Activity.findOne(wanted);
  if (last === null) return [];
  const activities = await findActivities(database, userId, limit, last);
  return activities.map((activity) => ({
    id: activity.id,
    ...describeEvent(activity),
    device: isOperatorEvent(activity.event) ? null : describeDevice(activity.userAgent),
    address: cleanAddress(activity.address),
    at: activity.createdAt.toISOString(),
  }));
}
