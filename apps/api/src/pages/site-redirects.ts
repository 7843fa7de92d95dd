import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMeteredPath, isPublicPath, REDIRECTS_FILE, siteRedirects } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { cleanPath, decodePath } from '../http/request-path.ts';
import { forbidStoring } from '../http/privacy-headers.ts';
import type { SiteRedirect } from './site-file.ts';

const CACHE_SECONDS = 3600;

/**
 * One who may go where a former address leads may know that it leads there. The name of a private page
 * is nobody's business.
 */
export function createRedirect(path: string, status: number, location: string): SiteRedirect {
  const target = location.startsWith('/') ? decodePath(location.replace(/#.*/, '')) : null;
  const isPublicTarget =
    target === null || isMeteredPath(target) || isPublicPath(cleanPath(target));
  return {
    kind: 'redirect',
    path,
    isPublic: isPublicPath(path) || isPublicTarget,
    status,
    location,
  };
}

/** The former addresses that a build knows. */
export function readRedirects(folder: string): SiteRedirect[] {
  const file = join(folder, REDIRECTS_FILE);
  if (!existsSync(file)) return [];
  const redirects = siteRedirects.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(redirects).map(([path, { status, location }]) =>
    createRedirect(path, status, location),
  );
}

/** The query goes along, unless the new address has one. */
function addSearch(location: string, search: string): string {
  const [, address = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(location) ?? [];
  return location.startsWith('/') && !address.includes('?')
    ? address + search + fragment
    : location;
}

export function sendRedirect(
  reply: FastifyReply,
  { isPublic, status, location }: SiteRedirect,
  search: string,
): FastifyReply {
  if (isPublic) reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);
  else forbidStoring(reply);
  return reply.redirect(addSearch(location, search), status);
}
