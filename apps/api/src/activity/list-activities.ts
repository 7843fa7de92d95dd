import type { Activity, Database } from '@latchkey/db';
import {
  activityEvents,
  isOperatorEvent,
  type ActivityEvent,
  type PublicActivity,
} from '@latchkey/shared';
import { Op } from 'sequelize';
import { cleanAddress } from '../client-address.ts';
import { describeDevice } from '../sessions/describe-device.ts';

const SHOWN = 50;
const KEPT_DAYS = 365;
const DAY_MS = 86_400_000;

/** A person's own security log, newest first. */
export function findActivities(
  { Activity }: Database,
  userId: string,
  limit?: number,
): Promise<Activity[]> {
  return Activity.findAll({
    where: { userId },
    order: [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ],
    ...(limit !== undefined && { limit }),
  });
}

/** What happened, by name and in words. */
export function describeEvent({
  event,
  detail,
}: Activity): Pick<PublicActivity, 'event' | 'description'> {
  const words = activityEvents[event as ActivityEvent];
  return { event: event as ActivityEvent, description: detail ? `${words}: ${detail}` : words };
}

/** The newest lines of a person's own security log, as they are shown. */
export async function listActivities(
  database: Database,
  userId: string,
): Promise<PublicActivity[]> {
  const activities = await findActivities(database, userId, SHOWN);
  return activities.map((activity) => ({
    id: activity.id,
    ...describeEvent(activity),
    device: isOperatorEvent(activity.event) ? null : describeDevice(activity.userAgent),
    address: cleanAddress(activity.address),
    at: activity.createdAt.toISOString(),
  }));
}

/** Deletes the lines that are older than a year, and returns how many there were. */
export async function purgeOldActivities({ Activity }: Database): Promise<number> {
  const oldest = new Date(Date.now() - KEPT_DAYS * DAY_MS);
  return Activity.destroy({ where: { createdAt: { [Op.lt]: oldest } } });
}
