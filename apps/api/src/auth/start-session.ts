import type { Session, User } from '@latchkey/db';
import { recordActivity } from '../activity/record-activity.ts';
import { claimVisitorReads } from '../articles/reader.ts';
import type { Context } from '../procedures/context.ts';
import { rememberDevice } from '../http/known-device.ts';
import { readRememberedBrowser } from '../http/second-factor-cookies.ts';
import { setSessionCookies } from '../http/session-cookies.ts';
import { tieToSession } from '../second-factors/remembered-browser.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import {
  createSession,
  describeClient,
  endOldestSessions,
  endSession,
} from '../sessions/session.ts';

/**
 * Signs this browser in: its former session ends, and a new token goes into its cookie. Null, with
 * nothing changed, when the account has another password by now, or is disabled or gone.
 *
 * @param user with the hash that the password was verified against
 */
export async function startSession(
  ctx: Context,
  user: User,
  staySignedIn: boolean,
): Promise<Session | null> {
  const { deps, request, reply, live } = ctx;
  const { database, settings } = deps;
  const newSession = { user, staySignedIn, ...describeClient(request) };
  const created = await database.sequelize.transaction(async (transaction) => {
    const started = await createSession(database, settings.session, newSession, transaction);
    if (!started) return null;
    if (live) await endSession(database, live.session, transaction);
    const { maxPerPerson } = settings.session;
    const displaced = await endOldestSessions(database, started.session, maxPerPerson, transaction);
    return { ...started, displaced };
  });
  if (!created) return null;
  if (created.displaced > 0) {
    logSecurityEvent(ctx, 'session_ended', { userId: user.id, outcome: 'too many' });
    await recordActivity(ctx, user.id, 'oldest-session-ended');
  }
  const remembered = readRememberedBrowser(request, settings);
  if (remembered !== undefined) {
    await tieToSession(database, remembered, { userId: user.id, sessionId: created.session.id });
  }
  await claimVisitorReads(deps, request, user.id);
  setSessionCookies(reply, settings, created);
  rememberDevice({ request, reply }, settings, user);
  return created.session;
}
