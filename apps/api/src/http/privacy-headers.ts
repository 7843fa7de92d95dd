import type { FastifyReply } from 'fastify';

/** Nothing of this may be kept by a cache, nor shown again by the Back button after logging out. */
export function forbidStoring(reply: FastifyReply): void {
  reply.header('cache-control', 'private, no-store');
}

/** How long a cache may keep what is public and may change at the next build. */
const CACHE_SECONDS = 3600;

/** Anybody may keep this for an hour. */
export function allowCaching(reply: FastifyReply): void {
  reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);
}

/** Search engines show no trace of it, wherever they have its address from. */
export function hideFromSearch(reply: FastifyReply): void {
  reply.header('x-robots-tag', 'noindex');
}
