import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownAccess, REDIRECTS_FILE, siteRedirects } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { cleanPath, decodePath } from '../http/request-path.ts';
import { allowCaching, forbidStoring } from '../http/privacy-headers.ts';
import type { FileAccess, SiteRedirect } from './site-file.ts';

/**
 * One who may go where a former address leads may know that it leads there. The name of a private page
 * is nobody's business.
 */
export function createRedirect(
  { path, status, location }: { path: string; status: number; location: string },
  findFileAccess: (path: string) => FileAccess,
): SiteRedirect {
  const target = location.startsWith('/') ? decodePath(location.replace(/#.*/, '')) : null;
  const found = target === null ? 'public' : findFileAccess(cleanPath(target));
  const access = ownAccess.findAccess(path) === 'public' || found === 'metered' ? 'public' : found;
  return { kind: 'redirect', path, access, status, location };
}

/** The former addresses that a build knows. */
export function readRedirects(
  folder: string,
  findFileAccess: (path: string) => FileAccess,
): SiteRedirect[] {
  const file = join(folder, REDIRECTS_FILE);
  if (!existsSync(file)) return [];
  const redirects = siteRedirects.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(redirects).map(([path, { status, location }]) =>
    createRedirect({ path, status, location }, findFileAccess),
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
  { access, status, location }: SiteRedirect,
  search: string,
): FastifyReply {
  if (access === 'public') allowCaching(reply);
  else forbidStoring(reply);
  return reply.redirect(addSearch(location, search), status);
}
