import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { SecurityContext } from '../activity/security-log.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import { demandAllowance } from './demand-allowance.ts';

/** No form that a person fills in is larger, with every character escaped. */
const LARGE_BODY_BYTES = 8 * 1024;
/** Addresses of all the proxies that can be trusted. */
const FORWARDED_LENGTH = 1024;

function isLarge(headers: IncomingHttpHeaders): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return headers['transfer-encoding'] !== undefined || length > LARGE_BODY_BYTES;
}

/** Counts a large body by its address before it is read, parsed and checked, whatever is in it. */
export function limitLargeBodies(
  server: FastifyInstance,
  deps: SecurityContext['deps'] & { largeBodyLimits: AddressLimits },
): void {
  server.addHook('preParsing', async (request) => {
    if (!isLarge(request.headers)) return;
    await demandAllowance({ deps, request }, deps.largeBodyLimits, 'large body');
  });
}

/**
 * Keeps the end of `X-Forwarded-For`, which our own proxies wrote. What stands before it is the
 * client's claim, and to read 15 KB of it takes time at each question for the address.
 */
export function cutForwardedFor(headers: IncomingHttpHeaders): void {
  const text = headers['x-forwarded-for'];
  if (typeof text !== 'string' || text.length <= FORWARDED_LENGTH) return;
  const end = text.slice(-FORWARDED_LENGTH);
  const firstComma = end.indexOf(',');
  headers['x-forwarded-for'] = firstComma < 0 ? 'unknown' : end.slice(firstComma + 1).trim();
}
