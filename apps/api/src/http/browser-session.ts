import { isUnavailable } from '@latchkey/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../settings/settings.ts';
import {
  clearSignInHint,
  hasSignInHint,
  readSessionToken,
  setSessionCookies,
  setSignInHint,
} from './session-cookies.ts';
import { findLiveSession, type LiveSession } from '../sessions/find-live-session.ts';
import { slideSession, type SlideDeps } from '../sessions/slide-session.ts';

type Deps = SlideDeps & { settings: Settings };

const found = new WeakMap<FastifyRequest, Promise<LiveSession | null>>();

/**
 * The live session of the request's cookie, or null. It is looked up once a request; it slides here,
 * row and cookie together; and the sign-in hint is brought in line with the truth.
 *
 * A dead session's own cookie is left alone: an answer that overtakes another tab's log-in would
 * delete the new one.
 */
export function getBrowserSession(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<LiveSession | null> {
  let live = found.get(request);
  if (!live) {
    live = resolveBrowserSession(deps, request, reply);
    found.set(request, live);
  }
  return live;
}

async function resolveBrowserSession(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<LiveSession | null> {
  const { database, settings } = deps;
  const token = readSessionToken(request, settings);
  const live = token ? await findLiveSession(database, token) : null;
  // A public page has gone without it: its cookies can move no more, and so the row may not.
  if (reply.sent) return live;
  const isHinted = hasSignInHint(request, settings);
  if (!token || !live) {
    if (isHinted) clearSignInHint(reply, settings);
    return null;
  }
  const { session } = live;
  const hasSlid = await slideSession(deps, live).catch((fault: unknown) =>
    goOnReading(request, fault),
  );
  if (hasSlid) {
    setSessionCookies(reply, settings, { token, session });
  } else if (!isHinted) {
    setSignInHint(reply, settings, session);
  }
  return live;
}

/** Who is signed in can be told where nothing can be written: the session only does not slide. */
function goOnReading(request: FastifyRequest, fault: unknown): false {
  if (!isUnavailable(fault)) throw fault;
  request.log.warn({ err: fault }, 'A session could not be moved on.');
  return false;
}
