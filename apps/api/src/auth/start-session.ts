import type { Session, User } from '@latchkey/db';
import { recordActivity } from '../activity/record-activity.ts';
import { claimVisitorReads } from '../articles/reader.ts';
import type { Context } from '../procedures/context.ts';
import { findKnownDevice, rememberDevice } from '../http/known-device.ts';
import { readRememberedBrowser } from '../http/second-factor-cookies.ts';
import { seenBrowsers } from '../http/seen-browser.ts';
import { setSessionCookies } from '../http/session-cookies.ts';
import { tieToSession } from '../second-factors/remembered-browser.ts';
import { logSecurityEvent } from '../activity/security-log.ts';
import { enqueueNotice } from '../notices/enqueue-notice.ts';
import { takeDeviceKey } from '../sessions/device-key.ts';
import {
  createSession,
  describeClient,
  endOldestSessions,
  endSession,
} from '../sessions/session.ts';

type StartOptions = { isKnown?: boolean; hasSecondFactor?: boolean; authenticatedAt?: Date };

/**
 * Signs this browser in: its former session ends, and a new token goes into its cookie. Null, with
 * nothing changed, when the account has another password by now, or is disabled or gone.
 *
 * @param user with the hash that the password was verified against
 * @param options.isKnown whether the person is known to have used this browser before: they hear nothing
 *   of it then
 * @param options.hasSecondFactor whether something was shown beside the password
 * @param options.authenticatedAt when the person last proved who they are, if that is not now
 */
export async function startSession(
  ctx: Context,
  user: User,
  staySignedIn: boolean,
  { isKnown = false, hasSecondFactor = false, authenticatedAt }: StartOptions = {},
): Promise<Session | null> {
  const { deps, request, reply, live } = ctx;
  const { database, settings } = deps;
  const proved = { hasSecondFactor, authenticatedAt };
  const newSession = { user, staySignedIn, ...proved, ...describeClient(request) };
  const created = await database.sequelize.transaction(async (transaction) => {
    const started = await createSession(database, settings.session, newSession, transaction);
    if (!started) return null;
    if (live) await endSession(database, live.session, transaction);
    const { maxPerPerson } = settings.session;
    const displaced = await endOldestSessions(database, started.session, maxPerPerson, transaction);
    const key = await takeDeviceKey(database, user.id, transaction);
    const isSeen =
      isKnown ||
      live?.user.id === user.id ||
      findKnownDevice(request, settings, user) !== null ||
      seenBrowsers.find(request, settings, { id: user.id, key }) !== null;
    if (!isSeen) await enqueueNotice(ctx, { kind: 'new-sign-in', user }, transaction);
    return { ...started, displaced, key };
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
  rememberDevice(ctx, settings, user);
  seenBrowsers.remember(ctx, settings, { id: user.id, key: created.key });
  return created.session;
}
