import type { FastifyRequest } from 'fastify';
import { decodePath } from '../http/request-path.ts';

/** What the proxies call the address that somebody asked them for: nginx by its manual, and Caddy. */
const headerNames = ['x-original-uri', 'x-forwarded-uri'];

export type AskedAddress =
  /** The path is decoded, the search as it came, with its `?`, or empty. */
  | { path: string; search: string }
  /** No proxy has said it, or it has an address that nobody can be sure of. */
  | 'missing'
  | 'unclear';

/**
 * The address that a proxy asks about. What programs behind a proxy read in different ways has no answer:
 * dots and slashes that only show once it is decoded twice, backslashes, signs that are not printed, or
 * two headers that differ.
 */
export function readAskedAddress({ raw }: FastifyRequest): AskedAddress {
  const given = headerNames.flatMap((name) => raw.headersDistinct[name] ?? []);
  const [address, ...others] = new Set(given);
  if (!address) return 'missing';
  if (others.length > 0 || !/^\/[^#]*$/.test(address)) return 'unclear';
  const path = decodePath(address);
  if (path === null || isAmbiguous(path)) return 'unclear';
  const queryStart = address.indexOf('?');
  return { path, search: queryStart < 0 ? '' : address.slice(queryStart) };
}

function isAmbiguous(path: string): boolean {
  const hasDots = /\/\.{1,2}(;|\/|$)/.test(path);
  return hasDots || /[\p{Cc}\\]|\/\/|%(2e|2f|5c)/iu.test(path);
}
