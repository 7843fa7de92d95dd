import type { FastifyReply, FastifyRequest } from 'fastify';
import { OIDC_ATTEMPT_SECONDS } from '../identities/oidc-attempt.ts';
import { generateToken } from '../tokens/secret-token.ts';
import { appendCookie, readCookie, type CookieStyle } from './session-cookies.ts';

/** The token that this browser's visits to the provider are bound to. */
const oidcCookie = 'oidc';

type Exchange = { request: FastifyRequest; reply: FastifyReply };

export const readOidcBrowser = (request: FastifyRequest, style: CookieStyle) =>
  readCookie(request, style, oidcCookie);

/** The same token while it lasts, so that several tabs can go at once. */
export function keepOidcBrowser({ request, reply }: Exchange, style: CookieStyle): string {
  const value = readOidcBrowser(request, style) ?? generateToken();
  appendCookie(reply, style, { name: oidcCookie, value, maxAge: OIDC_ATTEMPT_SECONDS });
  return value;
}
