import type { User } from '@latchkey/db';
import { claimVisitorReads } from '../articles/reader.ts';
import type { Context } from '../context.ts';
import { setSessionCookies } from '../sessions/session-cookies.ts';
import { createSession, describeClient, endSession } from '../sessions/session.ts';

/**
 * Signs this browser in: its former session ends, and a new token goes into its cookie. False, with
 * nothing changed, when the account has another password by now, or is disabled or gone.
 *
 * @param user with the hash that the password was verified against
 */
export async function startSession(
  { deps, request, reply, live }: Context,
  user: User,
  staySignedIn: boolean,
): Promise<boolean> {
  const { database, settings } = deps;
  const newSession = { user, staySignedIn, ...describeClient(request) };
  const created = await database.sequelize.transaction(async (transaction) => {
    const started = await createSession(database, settings.session, newSession, transaction);
    if (started && live) await endSession(database, live.session, transaction);
    return started;
  });
  if (!created) return false;
  await claimVisitorReads(deps, request, user.id);
  setSessionCookies(reply, settings, created);
  return true;
}
