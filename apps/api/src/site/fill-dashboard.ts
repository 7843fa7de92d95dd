import type { Database } from '@latchkey/db';
import {
  formatTime,
  listPageInput,
  type FeedStatus,
  type ListPage,
  type PublicActivity,
  type SignedInDevice,
} from '@latchkey/shared';
import { listActivities } from '../activity/list-activities.ts';
import { findEmailChange } from '../email-links/email-link.ts';
import { describeFeed, isFeedAddress } from '../feed/feed-address.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { countSessions, listSessions } from '../sessions/list-sessions.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { showEmail } from '../users/show-email.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';

/** The page of a person's own account. */
export const dashboardPath = '/dashboard';
/** Shows the new address of a feed, once. */
export const newFeedField = 'newFeed';

/** How many of a list the page shows at once. */
const PAGE_LENGTH = 20;

/** One page of a list, and the way to the others. `key` is the list's part of the address's query. */
async function readPage<Item extends { id: string }>(
  search: string,
  key: 'sessions' | 'activity',
  list: (page: ListPage) => Promise<Item[]>,
): Promise<{ items: Item[]; ways: ListItem[]; isFirst: boolean }> {
  const given = new URLSearchParams(search).get(key) ?? undefined;
  const { cursor } = listPageInput.safeParse({ cursor: given }).data ?? {};
  const found = await list({ limit: PAGE_LENGTH + 1, ...(cursor && { cursor }) });
  const items = found.slice(0, PAGE_LENGTH);
  const isMore = found.length > items.length;
  const way = { more: String(isMore), back: String(cursor !== undefined) };
  const last = items.at(-1)?.id ?? '';
  return { items, ways: isMore || cursor ? [{ ...way, last }] : [], isFirst: cursor === undefined };
}

const showAddress = (address: string | null) => address ?? 'Unknown address';

function showSession(session: SignedInDevice): ListItem {
  const { id, device, address, lastSeenAt, createdAt, isCurrent } = session;
  return {
    id,
    device,
    address: showAddress(address),
    lastSeenAt,
    lastSeenText: formatTime(lastSeenAt),
    createdAt,
    createdText: formatTime(createdAt),
    current: String(isCurrent),
  };
}

function showActivity({ event, description, device, address, at }: PublicActivity): ListItem {
  return {
    event,
    description,
    device: device ?? '',
    own: String(device !== null),
    address: showAddress(address),
    at,
    atText: formatTime(at),
  };
}

function showFeed({ isWhole, madeAt, lastUsedAt }: FeedStatus): ListItem {
  const isMade = madeAt !== null;
  return {
    whole: String(isWhole),
    made: String(isMade),
    used: String(lastUsedAt !== null),
    unused: String(isMade && lastUsedAt === null),
    cut: String(isMade && !isWhole),
    first: String(isWhole && !isMade),
    another: String(isWhole && isMade),
    madeAt: madeAt ?? '',
    madeText: madeAt ? formatTime(madeAt) : '',
    lastUsedAt: lastUsedAt ?? '',
    lastUsedText: lastUsedAt ? formatTime(lastUsedAt) : '',
  };
}

/** The account at a glance, whatever page of its lists is shown. */
async function summarize(
  database: Database,
  userId: string,
  latest: PublicActivity | undefined,
): Promise<ListItem> {
  const count = await countSessions(database, userId);
  return {
    devices: count > 1 ? `${count} devices` : 'This device only',
    description: latest?.description ?? 'None yet',
    at: latest?.at ?? '',
    atText: latest ? formatTime(latest.at) : '',
  };
}

/**
 * What the dashboard is completed with: the person's own values where nothing was typed, where they
 * are signed in, and their security log.
 */
export async function fillDashboard(
  { database, settings }: ServerDeps,
  { user, session }: LiveSession,
  { [newFeedField]: newFeed, ...typed }: Record<string, string> = {},
  search = '',
): Promise<PageFilling> {
  const { name } = user;
  const email = showEmail(user.email);
  const username = user.username ?? '';
  const sessions = await readPage(search, 'sessions', (page) =>
    listSessions(database, session, page),
  );
  const activities = await readPage(search, 'activity', (page) =>
    listActivities(database, user.id, page),
  );
  const [latest] = activities.isFirst
    ? activities.items
    : await listActivities(database, user.id, { limit: 1 });
  const change = await findEmailChange(database, user.id);
  const feed = showFeed(await describeFeed(database, user));
  // It may have been made for the person who was signed in here before, or be over already.
  const isShown =
    newFeed !== undefined &&
    (await isFeedAddress(database, settings.publicOrigin, { userId: user.id, address: newFeed }));
  return {
    reader: user,
    slots: { 'user-email': email, 'user-username': username },
    typed: {
      name,
      email,
      username,
      ...typed,
      ...(isShown && { [newFeedField]: newFeed }),
    },
    lists: {
      pendingEmail: change ? [{ address: showEmail(change.email) }] : [],
      summary: [await summarize(database, user.id, latest)],
      sessions: sessions.items.map(showSession),
      sessionPages: sessions.ways,
      activities: activities.items.map(showActivity),
      activityPages: activities.ways,
      feed: [feed],
      feedActions: [feed],
    },
  };
}
