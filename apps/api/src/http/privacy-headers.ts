import type { FastifyReply } from 'fastify';

/** Nothing of this may be kept by a cache, nor shown again by the Back button after logging out. */
export function forbidStoring(reply: FastifyReply): void {
  reply.header('cache-control', 'private, no-store');
}

/** Search engines show no trace of it, wherever they have its address from. */
export function hideFromSearch(reply: FastifyReply): void {
  reply.header('x-robots-tag', 'noindex');
}
