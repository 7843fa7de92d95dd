import type { User } from '@latchkey/db';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { readArticles } from '../articles/articles-content.ts';
import { readsWithoutLimit } from '../articles/reader.ts';
import type { ServerDeps } from '../server-deps.ts';
import { forbidStoring, hideFromSearch } from '../site/send-page.ts';
import { writeFeed } from './write-feed.ts';

const CACHE_SECONDS = 3600;
const publicPath = '/feed.xml';
const contentType = 'application/rss+xml; charset=utf-8';

/** Written here and not by the build: the addresses in it are absolute, and follow the settings. */
export function addFeed(server: FastifyInstance, { site, settings }: ServerDeps): void {
  const feed = { origin: settings.publicOrigin, kind: 'lead-ins', selfPath: publicPath } as const;
  server.get(publicPath, async (_request, reply) => {
    const text = writeFeed(feed, await readArticles(site));
    return reply
      .type(contentType)
      .header('cache-control', `public, max-age=${CACHE_SECONDS}`)
      .compress(text);
  });
}

/** Sends a person's own feed: what they may read at this moment, uncounted, and nothing of who they are. */
export async function sendOwnFeed(
  reply: FastifyReply,
  { site, settings }: Pick<ServerDeps, 'site' | 'settings'>,
  owner: User,
): Promise<FastifyReply> {
  const kind = readsWithoutLimit(owner) ? 'whole articles' : 'lead-ins';
  const text = writeFeed({ origin: settings.publicOrigin, kind }, await readArticles(site));
  forbidStoring(reply);
  hideFromSearch(reply);
  reply.header('referrer-policy', 'no-referrer');
  reply.type(contentType).compress(text);
  return reply;
}
