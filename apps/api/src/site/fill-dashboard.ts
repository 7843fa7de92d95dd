import type { Database } from '@latchkey/db';
import {
  formatTime,
  listPageInput,
  type FactorStatus,
  type FeedStatus,
  type ListPage,
  type PublicActivity,
  type PublicPasskey,
  type SignedInDevice,
} from '@latchkey/shared';
import { listActivities } from '../activity/list-activities.ts';
import { findOwnSetup } from '../factors/set-up.ts';
import { findEmailChange } from '../email-links/email-link.ts';
import { describeFeed, isFeedAddress } from '../feed/feed-address.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { describeFactors } from '../second-factors/list-factors.ts';
import { areRecoveryCodes } from '../second-factors/recovery-codes.ts';
import { countSessions, listSessions } from '../sessions/list-sessions.ts';
import type { LiveSession } from '../sessions/find-live-session.ts';
import { showEmail } from '../users/show-email.ts';
import type { ListItem, PageFilling } from '../pages/fill-page.ts';

/** The page of a person's own account. */
export const dashboardPath = '/dashboard';
/** The page of their second factors. */
export const factorsPath = '/dashboard/second-factor';
/** Shows the new address of a feed, once. */
export const newFeedField = 'newFeed';

/** Shows new recovery codes, once. */
export const newCodesField = 'recoveryCodes';

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

function showPasskey({ id, name, createdAt, lastUsedAt }: PublicPasskey): ListItem {
  return {
    id,
    name,
    createdAt,
    createdText: formatTime(createdAt),
    used: String(lastUsedAt !== null),
    lastUsedAt: lastUsedAt ?? '',
    lastUsedText: lastUsedAt ? formatTime(lastUsedAt) : '',
  };
}

async function showFactors(
  deps: ServerDeps,
  live: LiveSession,
  { authenticator, passkeys, recoveryCodesLeft }: FactorStatus,
): Promise<ListItem> {
  const setup = authenticator ? null : await findOwnSetup(deps, live);
  return {
    on: String(authenticator),
    off: String(!authenticator && !setup),
    pending: String(setup !== null),
    keys: String(!authenticator && passkeys.length > 0),
    secret: setup?.secret ?? '',
    link: setup?.uri ?? '',
    left: String(recoveryCodesLeft),
  };
}

/** New codes, a line each; none where somebody else is signed in by now, or they are over already. */
async function showCodes(database: Database, userId: string, text: string): Promise<string> {
  const codes = text.split(' ').filter(Boolean);
  const areOwn = codes.length > 0 && (await areRecoveryCodes(database, userId, codes));
  return areOwn ? codes.join('\n') : '';
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
  deps: ServerDeps,
  live: LiveSession,
  {
    [newFeedField]: newFeed,
    [newCodesField]: newCodes = '',
    ...typed
  }: Record<string, string> = {},
  search = '',
): Promise<PageFilling> {
  const { database, settings } = deps;
  const { user, session } = live;
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
  const factors = await describeFactors(database, user.id);
  const feed = showFeed(await describeFeed(database, user));
  // It may have been made for the person who was signed in here before, or be over already.
  const isShown =
    newFeed !== undefined &&
    (await isFeedAddress(database, settings.publicOrigin, { userId: user.id, address: newFeed }));
  return {
    reader: user,
    slots: {
      'user-email': email,
      'user-username': username,
      'recovery-codes': await showCodes(database, user.id, newCodes),
    },
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
      factors: [await showFactors(deps, live, factors)],
      passkeys: factors.passkeys.map(showPasskey),
      passkeyNames: factors.passkeys.map(({ id, name }) => ({ id, name })),
      feed: [feed],
      feedActions: [feed],
    },
  };
}
