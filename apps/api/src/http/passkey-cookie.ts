import type { FastifyReply, FastifyRequest } from 'fastify';
import { CHALLENGE_SECONDS } from '../second-factors/passkey-challenge.ts';
import { generateToken } from '../tokens/secret-token.ts';
import { appendCookie, readCookie, type CookieStyle } from './session-cookies.ts';

/** The token that the challenges of this browser's passkeys are bound to. It proves nothing else. */
const passkeyCookie = 'passkey';

type Exchange = { request: FastifyRequest; reply: FastifyReply };

export const readPasskeyBrowser = (request: FastifyRequest, style: CookieStyle) =>
  readCookie(request, style, passkeyCookie);

/** The same token while it lasts, so that two tabs can ask. */
export function keepPasskeyBrowser({ request, reply }: Exchange, style: CookieStyle): string {
  const value = readPasskeyBrowser(request, style) ?? generateToken();
  appendCookie(reply, style, { name: passkeyCookie, value, maxAge: CHALLENGE_SECONDS });
  return value;
}
