import type { Article } from '@latchkey/shared';
import type { FastifyInstance } from 'fastify';
import type { ServerDeps } from '../server-deps.ts';
import { escapeHtml } from '../site/fill-page.ts';
import { readArticles } from './articles-content.ts';

const CACHE_SECONDS = 3600;

/** One article of the feed: no more of it than its lead-in. */
function writeItem(origin: string, { slug, title, date, leadHtml }: Article): string {
  const address = escapeHtml(`${origin}/blog/${encodeURIComponent(slug)}`);
  return `<item>
<title>${escapeHtml(title)}</title>
<link>${address}</link>
<guid isPermaLink="true">${address}</guid>
<pubDate>${new Date(date).toUTCString()}</pubDate>
<description>${escapeHtml(leadHtml)}</description>
</item>`;
}

/** @see https://www.rssboard.org/rss-specification */
function writeFeed(origin: string, articles: Article[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Latchkey</title>
<link>${origin}/blog</link>
<description>Articles about static sites with members. The feed has how each begins.</description>
<language>en</language>
<atom:link href="${origin}/feed.xml" rel="self" type="application/rss+xml"/>
${articles.map((article) => writeItem(origin, article)).join('\n')}
</channel>
</rss>
`;
}

/** Written here and not by the build: the addresses in it are absolute, and follow the settings. */
export function addFeed(server: FastifyInstance, { site, settings }: ServerDeps): void {
  server.get('/feed.xml', async (_request, reply) => {
    const feed = writeFeed(settings.publicOrigin, await readArticles(site));
    return reply
      .type('application/rss+xml; charset=utf-8')
      .header('cache-control', `public, max-age=${CACHE_SECONDS}`)
      .compress(feed);
  });
}
