import { nameCookie, SIGN_IN_HINT_COOKIE } from '@latchkey/shared';
import { parseCookie, stringifySetCookie, type SetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '@latchkey/db';
import type { Settings } from '../settings/settings.ts';

/**
 * What decides the names of the cookies and whether they are Secure. On plain http://localhost there
 * is neither the `__Host-` prefix nor Secure, because Safari drops such cookies there.
 */
export type CookieStyle = Pick<Settings, 'publicOrigin' | 'isHttps'>;

export const sessionCookie = 'session';

// With PORT=0 the address is known only once the server listens.
const nameHere = (name: string, { publicOrigin }: CookieStyle) =>
  nameCookie(name, new URL(publicOrigin));

export function appendCookie(reply: FastifyReply, style: CookieStyle, cookie: SetCookie): void {
  const text = stringifySetCookie({
    path: '/',
    sameSite: 'lax',
    httpOnly: true,
    secure: style.isHttps,
    ...cookie,
    name: nameHere(cookie.name, style),
  });
  reply.header('set-cookie', text);
}

type Cookies = ReturnType<typeof parseCookie>;
const parsed = new WeakMap<FastifyRequest, Cookies>();

/** The header may have 16 KB and is asked many times: it is parsed once a request. */
function readCookies(request: FastifyRequest): Cookies {
  const cookies = parsed.get(request) ?? parseCookie(request.headers.cookie ?? '');
  parsed.set(request, cookies);
  return cookies;
}

export function readCookie(
  request: FastifyRequest,
  style: CookieStyle,
  name: string,
): string | undefined {
  return readCookies(request)[nameHere(name, style)];
}

export function readSessionToken(request: FastifyRequest, style: CookieStyle): string | undefined {
  return readCookie(request, style, sessionCookie);
}

/**
 * Sets the session's cookie and its hint. A plain session's cookie has no date, so it goes with the
 * browser; one that stays ends when the row would end by being idle.
 */
export function setSessionCookies(
  reply: FastifyReply,
  style: CookieStyle,
  { token, session }: { token: string; session: Session },
): void {
  const lifetime = describeLifetime(session);
  appendCookie(reply, style, { name: sessionCookie, value: token, ...lifetime });
  appendCookie(reply, style, hintCookie(lifetime));
}

export function clearSessionCookies(reply: FastifyReply, style: CookieStyle): void {
  appendCookie(reply, style, { name: sessionCookie, value: '', maxAge: 0 });
  clearSignInHint(reply, style);
}

export function hasSignInHint(request: FastifyRequest, style: CookieStyle): boolean {
  return readCookie(request, style, SIGN_IN_HINT_COOKIE) !== undefined;
}

export function setSignInHint(reply: FastifyReply, style: CookieStyle, session: Session): void {
  appendCookie(reply, style, hintCookie(describeLifetime(session)));
}

export function clearSignInHint(reply: FastifyReply, style: CookieStyle): void {
  appendCookie(reply, style, { ...hintCookie({ maxAge: 0 }), value: '' });
}

function hintCookie(lifetime: Pick<SetCookie, 'maxAge'>): SetCookie {
  return { name: SIGN_IN_HINT_COOKIE, value: '1', httpOnly: false, ...lifetime };
}

function describeLifetime(session: Session): Pick<SetCookie, 'maxAge'> {
  if (!session.staySignedIn) return {};
  const remainingMs = session.idleExpiresAt.getTime() - Date.now();
  return { maxAge: Math.max(0, Math.ceil(remainingMs / 1000)) };
}
