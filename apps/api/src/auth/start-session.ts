import type { User } from '@latchkey/db';
import { claimVisitorReads } from '../articles/reader.ts';
import type { Context } from '../context.ts';
import { setSessionCookies } from '../sessions/session-cookies.ts';
import { createSession, describeClient, endSession } from '../sessions/session.ts';

/** Signs this browser in: its former session ends, and a new token goes into its cookie. */
export async function startSession(
  { deps, request, reply, live }: Context,
  user: User,
  staySignedIn: boolean,
): Promise<void> {
  const { database, settings } = deps;
  await claimVisitorReads(deps, request, user.id);
  if (live) await endSession(database, live.session);
  const created = await createSession(database, settings.session, {
    userId: user.id,
    staySignedIn,
    ...describeClient(request),
  });
  setSessionCookies(reply, settings, created);
}
