import { articlePath, isMeteredPath, publicPaths, type Article } from '@latchkey/shared';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { readArticles } from '../articles/articles-content.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { encodePath } from '../http/request-path.ts';
import { findPage, type Site, type SitePage } from '../pages/site-file.ts';

const CACHE_SECONDS = 3600;
const noIndex = /<meta name="robots" content="noindex"/;

type Entry = { path: string; changedOn?: string | undefined };

/** What anybody may read and search engines may show: a page is on it because it is public, and for no other reason. */
async function listPublicPages(site: Site): Promise<string[]> {
  const paths = site.listPaths() ?? publicPaths;
  const pages = await Promise.all(paths.map((path) => findPage(site, path)));
  const isListed = (page: SitePage) => page.isPublic && !isMeteredPath(page.path);
  return pages.flatMap((page) =>
    page && isListed(page) && !noIndex.test(page.html) ? page.path : [],
  );
}

function listEntries(pages: string[], articles: Article[]): Entry[] {
  const newest = articles[0]?.date;
  return [
    ...pages.toSorted().map((path) => (path === '/blog' ? { path, changedOn: newest } : { path })),
    ...articles.map(({ slug, date }) => ({ path: articlePath(slug), changedOn: date })),
  ];
}

function writeEntry(origin: string, { path, changedOn }: Entry): string {
  const change = changedOn === undefined ? '' : `<lastmod>${changedOn}</lastmod>`;
  return `<url><loc>${escapeXml(origin + encodePath(path))}</loc>${change}</url>`;
}

/** @see https://www.sitemaps.org/protocol.html */
function writeSitemap(origin: string, entries: Entry[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.map((entry) => writeEntry(origin, entry)).join('\n')}
</urlset>
`;
}

/**
 * It names no private path: that would be a map for those who should not have one, and the gate
 * turns search engines away like everybody else.
 */
function writeRobots(origin: string): string {
  return `User-agent: *
Disallow: /trpc/

Sitemap: ${origin}/sitemap.xml
`;
}

const allowCaching = (reply: FastifyReply) =>
  reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);

/** Written here and not by the build: the addresses in them are absolute, and follow the settings. */
export function addSearchEngineFiles(
  server: FastifyInstance,
  { site, settings }: ServerDeps,
): void {
  const origin = settings.publicOrigin;

  server.get('/sitemap.xml', async (_request, reply) => {
    const entries = listEntries(await listPublicPages(site), await readArticles(site));
    const sitemap = writeSitemap(origin, entries);
    return allowCaching(reply).type('application/xml; charset=utf-8').compress(sitemap);
  });

  server.get('/robots.txt', async (_request, reply) =>
    allowCaching(reply).type('text/plain; charset=utf-8').send(writeRobots(origin)),
  );
}
