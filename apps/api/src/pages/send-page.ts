import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply } from 'fastify';
import { allowCaching, forbidStoring } from '../http/privacy-headers.ts';
import { fillPage, type PageFilling } from './fill-page.ts';
import { joinGzipped } from './gzip-pieces.ts';
import type { FileAccess, SiteAsset, SitePage } from './site-file.ts';

const HASHED_FOLDER = '/_astro/';

/**
 * Sends a page. One that is public and has nothing of the visitor in it goes out as the file that
 * was built, for anyone to cache; every other is completed first and kept by nobody.
 */
export function sendPage(
  reply: FastifyReply,
  page: SitePage,
  filling: PageFilling = { reader: null },
): FastifyReply {
  setPolicy(reply, page);
  const { reader, typed, next } = filling;
  const isPersonal =
    reader !== null || (typed ?? next) !== undefined || reply.hasHeader('set-cookie');
  if (page.access === 'public' && page.send && !isPersonal) {
    reply.header('vary', 'Cookie');
    letAsk(reply);
    return page.send(reply);
  }
  forbidStoring(reply);
  reply.type('text/html; charset=utf-8');
  const gzipped = joinForReader(reply, page, filling);
  if (gzipped) {
    reply.headers({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    return reply.send(gzipped);
  }
  reply.compress(fillPage(page.readTemplate(), filling));
  return reply;
}

/** Anybody may keep it, and asks each time whether it is still the same. */
const letAsk = (reply: FastifyReply) =>
  reply.header('cache-control', 'public, max-age=0, must-revalidate');

/** The page as gzip, where nothing of it but its reader's name was not known before; else null. */
function joinForReader(
  { request }: FastifyReply,
  { readGzipped }: SitePage,
  { reader, ...more }: PageFilling,
): Buffer | null {
  if (!reader || !readGzipped || Object.keys(more).length > 0) return null;
  const accepted = (request.headers['accept-encoding'] ?? '').toLowerCase().replace('*', 'gzip');
  // Brotli makes it a tenth smaller, and takes fifty times as long.
  if (negotiate(accepted, ['gzip', 'br']) !== 'gzip') return null;
  const template = readGzipped();
  return template && joinGzipped(template, reader);
}

/** Sends a page that a problem is told on. It may be sent before there is a route, and `compress` with it. */
export function sendProblemPage(
  reply: FastifyReply,
  page: SitePage,
  slots: Record<string, string>,
  reader: PageFilling['reader'] = null,
): FastifyReply {
  setPolicy(reply, page);
  forbidStoring(reply);
  return reply
    .type('text/html; charset=utf-8')
    .send(fillPage(page.readTemplate(), { reader, slots }));
}

/** The page's own policy, as a header, with what a `meta` element cannot say. */
function setPolicy(reply: FastifyReply, { policy, isOwners, access }: SitePage): void {
  if (isOwners) allowOwnPolicy(reply, access);
  else if (policy === null) reply.removeHeader('content-security-policy');
  else {
    const directives = policy.replace(/;\s*$/, '');
    reply.header('content-security-policy', `${directives}; frame-ancestors 'none'`);
  }
}

/**
 * A site that was built elsewhere says itself what it loads and uses, such as a map with a position or a
 * payment in a window of its own. No other site may frame it, nor show what is private.
 */
function allowOwnPolicy(reply: FastifyReply, access: FileAccess): void {
  reply.removeHeader('permissions-policy').removeHeader('cross-origin-opener-policy');
  if (access === 'public') reply.removeHeader('cross-origin-resource-policy');
  reply.header('content-security-policy', "frame-ancestors 'self'");
  reply.header('x-frame-options', 'SAMEORIGIN');
}

/** Sends a file that is no page. A name with a hash of its content never changes what it stands for. */
export function sendAsset(
  reply: FastifyReply,
  { path, access, isOwners, isPage, send }: SiteAsset,
): FastifyReply {
  if (isOwners) allowOwnPolicy(reply, access);
  if (access !== 'public') forbidStoring(reply);
  else if (path.startsWith(HASHED_FOLDER)) {
    reply.header('cache-control', 'public, max-age=31536000, immutable');
  } else if (isPage) letAsk(reply);
  else allowCaching(reply);
  return send(reply);
}
