import type { Activity, Database } from '@latchkey/db';
import {
  activityEvents,
  isOperatorEvent,
  type ActivityEvent,
  type ListPage,
  type PublicActivity,
} from '@latchkey/shared';
import { col, fn, Op, where } from 'sequelize';
import { cleanAddress } from '../client-address.ts';
import { describeDevice } from '../sessions/describe-device.ts';

const SHOWN = 50;
const KEPT_DAYS = 365;
/** Nobody reads more lines of one account, and whoever makes more wants to fill the disk. */
const KEPT_PER_PERSON = 10_000;
const DAY_MS = 86_400_000;

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
}: Activity): Pick<PublicActivity, 'event' | 'description'> {
  const words = activityEvents[event as ActivityEvent];
  return { event: event as ActivityEvent, description: detail ? `${words}: ${detail}` : words };
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

/** Deletes the lines that are older than a year or too many, and returns how many there were. */
export async function purgeOldActivities(
  database: Database,
  most = KEPT_PER_PERSON,
): Promise<number> {
  const oldest = new Date(Date.now() - KEPT_DAYS * DAY_MS);
  const old = await database.Activity.destroy({ where: { createdAt: { [Op.lt]: oldest } } });
  const people = await findTalkative(database, most);
  const tooMany = await Promise.all(people.map((userId) => deleteBeyond(database, userId, most)));
  return tooMany.reduce((sum, count) => sum + count, old);
}

async function findTalkative({ Activity }: Database, most: number): Promise<string[]> {
  const found = await Activity.findAll({
    attributes: ['userId'],
    group: ['user_id'],
    having: where(fn('count', col('id')), Op.gt, most),
  });
  return found.map(({ userId }) => userId);
}

async function deleteBeyond({ Activity }: Database, userId: string, most: number): Promise<number> {
  const firstTooMany = await Activity.findOne({
    where: { userId },
    order: [['createdAt', 'DESC']],
    offset: most,
  });
  if (!firstTooMany) return 0;
  const { createdAt } = firstTooMany;
  return Activity.destroy({ where: { userId, createdAt: { [Op.lte]: createdAt } } });
}
