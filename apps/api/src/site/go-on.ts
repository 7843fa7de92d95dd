import type { MessageId } from '@latchkey/shared';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { forbidStoring } from '../http/privacy-headers.ts';
import { linkCookieCheck } from './cookie-check.ts';

/**
 * Sends somebody who has just signed in on their way. A browser may have dropped the cookie, so it goes
 * by the log-in, which sees whether the cookie came back; other programs do with cookies what they will.
 */
export function goOn({ headers }: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
  const isBrowser =
    headers['sec-fetch-mode'] === 'navigate' || headers['upgrade-insecure-requests'] === '1';
  forbidStoring(reply);
  return reply.redirect(isBrowser ? linkCookieCheck(path) : path, 303);
}

/** The place to go to after registering, with the word of welcome unless it points somewhere itself. */
export function greet(path: string): string {
  return path.includes('#') ? path : `${path}#${'welcome' satisfies MessageId}`;
}
