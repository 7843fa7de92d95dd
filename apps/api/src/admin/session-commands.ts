import { readInOrder, runSlice, type Database, type Session, type User } from '@latchkey/db';
import type { Command } from 'commander';
import { Op } from 'sequelize';
import { endSessions } from '../acts/end-sessions.ts';
import { toPublicSession } from '../users/public-user.ts';
import { cleanAddress } from '../addresses/client-address.ts';
import { isLive } from '../sessions/session.ts';
import { showEmail } from '../users/show-email.ts';
import { showTime } from '../text/show-time.ts';
import { count } from '../text/count-noun.ts';
import { confirm } from './ask.ts';
import { isId } from '../users/find-user.ts';
import { findPerson } from './find-person.ts';
import { openSite, type OpenSite } from './open-site.ts';
import { OperatorError, UsageError } from './operator-error.ts';
import { printJsonList, printTable } from './print-rows.ts';

const DEVICE_LENGTH = 40;
const IPV6_LENGTH = 39;
const PEOPLE_AT_ONCE = 500;

type SessionOfPerson = Session & { user?: User };

function listSessions(
  { Session }: Database,
  where: { userId?: string },
): AsyncIterable<SessionOfPerson> {
  const live = { ...where, ...isLive() };
  return readInOrder(Session, {
    where: live,
    include: { association: 'user' },
    by: ['lastSeenAt', 'DESC'],
  });
}

async function* showSessions(sessions: AsyncIterable<SessionOfPerson>): AsyncGenerator<string[]> {
  for await (const session of sessions) {
    yield [
      session.id,
      session.user ? showEmail(session.user.email) : '',
      cleanAddress(session.address) ?? '',
      showTime(session.createdAt),
      showTime(session.lastSeenAt),
      showTime(session.idleExpiresAt),
      (session.userAgent ?? '').slice(0, DEVICE_LENGTH),
    ];
  }
}

async function* describeSessions(sessions: AsyncIterable<SessionOfPerson>): AsyncGenerator {
  for await (const session of sessions) {
    yield {
      ...toPublicSession(session),
      userId: session.userId,
      email: session.user && showEmail(session.user.email),
      address: cleanAddress(session.address),
      userAgent: session.userAgent,
    };
  }
}

const columns = [
  { heading: 'ID' },
  { heading: 'EMAIL' },
  { heading: 'ADDRESS', width: IPV6_LENGTH },
  { heading: 'SINCE' },
  { heading: 'LAST SEEN' },
  { heading: 'ENDS' },
  { heading: 'DEVICE' },
];

/** Ends everybody's sessions, some people's at a time. */
async function endAll(site: OpenSite): Promise<number> {
  let ended = 0;
  for (let last: string | undefined; ;) {
    const found = await site.database.Session.findAll({
      attributes: ['userId'],
      where: last === undefined ? {} : { userId: { [Op.gt]: last } },
      group: ['user_id'],
      order: ['userId'],
      limit: PEOPLE_AT_ONCE,
    });
    const userIds = found.map(({ userId }) => userId);
    if (userIds.length === 0) return ended;
    ended += await runSlice(() => endSessions(site, { userId: userIds }));
    last = userIds.at(-1);
  }
}

type EndOptions = { user?: string; all?: true; yes?: true };

async function endChosen(
  site: OpenSite,
  id: string | undefined,
  { user, all, yes }: EndOptions,
): Promise<number> {
  if (user !== undefined) {
    const { id: userId } = await findPerson(site.database, user);
    return endSessions(site, { userId });
  }
  if (all) {
    const what = `This signs everyone out: ${count(await site.database.Session.count(), 'session')}.`;
    await confirm({ what, word: 'all', yes });
    return endAll(site);
  }
  const ended = id !== undefined && isId(id) ? await endSessions(site, { id }) : 0;
  if (ended > 0) return ended;
  throw new OperatorError(
    'There is no session with this id. It may have ended. See npm run admin -- sessions list',
  );
}

/** `sessions list` and `sessions end`. */
export function addSessionCommands(parent: Command): void {
  parent
    .command('list')
    .description('list who is signed in, from where and until when')
    .option('--user <USER>', 'only sessions of this person')
    .option('--json', 'as JSON')
    .action(async ({ user, json }: { user?: string; json?: true }) => {
      await using site = await openSite();
      const where =
        user === undefined ? {} : { userId: (await findPerson(site.database, user)).id };
      const sessions = listSessions(site.database, where);
      if (json) await printJsonList(describeSessions(sessions));
      else await printTable(columns, showSessions(sessions));
    });

  parent
    .command('end')
    .description('end one session, all sessions of a person, or all sessions')
    .argument('[id]', 'id of a session, from sessions list')
    .option('--user <USER>', 'all sessions of this person')
    .option('--all', 'all sessions of everyone')
    .option('--yes', 'do not ask for confirmation')
    .action(async (id: string | undefined, options: EndOptions) => {
      const ways = [id, options.user, options.all].filter((way) => way !== undefined);
      if (ways.length !== 1) {
        throw new UsageError('Name the sessions to end: an ID, --user USER or --all.');
      }
      await using site = await openSite();
      const ended = await endChosen(site, id, options);
      console.log(`${count(ended, 'session')} ended.`);
    });
}
