import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestPath } from '../http/request-path.ts';

/** A GET or HEAD of an address of the site. */
export type SiteRequest = { request: FastifyRequest; reply: FastifyReply; wanted: RequestPath };

/** What a feature has at addresses of the site. The gate asks its doors before it looks at the files. */
export type Door = {
  /** Whether a decoded path may be one of the feature's. */
  matches: (path: string) => boolean;
  /** True once it has answered; false where the feature has nothing at this address, and the gate goes on. */
  serve: (asked: SiteRequest) => Promise<boolean>;
};
