import type { FastifyReply, FastifyRequest } from 'fastify';
import { PENDING_LOGIN_SECONDS } from '../second-factors/pending-login.ts';
import { REMEMBERED_SECONDS } from '../second-factors/remembered-browser.ts';
import { appendCookie, readCookie, type CookieStyle } from './session-cookies.ts';

/** The token of a log-in that waits for its second factor. */
const pendingCookie = 'pending-login';
/** The token of a browser that is asked for no second factor. */
const rememberedCookie = 'remembered';

type Exchange = { request: FastifyRequest; reply: FastifyReply };

export function setPendingLogin({ reply }: Exchange, style: CookieStyle, value: string): void {
  appendCookie(reply, style, { name: pendingCookie, value, maxAge: PENDING_LOGIN_SECONDS });
}

export const readPendingLogin = (request: FastifyRequest, style: CookieStyle) =>
  readCookie(request, style, pendingCookie);

export function clearPendingLogin({ request, reply }: Exchange, style: CookieStyle): void {
  if (readPendingLogin(request, style) === undefined) return;
  appendCookie(reply, style, { name: pendingCookie, value: '', maxAge: 0 });
}

export function setRememberedBrowser({ reply }: Exchange, style: CookieStyle, value: string): void {
  appendCookie(reply, style, { name: rememberedCookie, value, maxAge: REMEMBERED_SECONDS });
}

export const readRememberedBrowser = (request: FastifyRequest, style: CookieStyle) =>
  readCookie(request, style, rememberedCookie);
