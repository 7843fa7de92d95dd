import { articlePath, isMeteredPath, isNotIndexed, type Article } from '@latchkey/shared';
import type { FastifyInstance } from 'fastify';
import { mayFind, readArticles } from '../articles/articles-content.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { escapeXml } from '../text/escape-xml.ts';
import { allowCaching } from '../http/privacy-headers.ts';
import { encodePath } from '../http/request-path.ts';
import { yieldsToFile } from '../http/yield-to-files.ts';
import { findPage, type SitePage } from '../pages/site-file.ts';

type Entry = { path: string; changedOn?: string | undefined };

/** What anybody may read and search engines may show: a page is on it because it is public, and for no other reason. */
async function listPublicPages({
  site,
  access,
}: Pick<ServerDeps, 'site' | 'access'>): Promise<string[]> {
  const paths = site.listPaths() ?? Object.keys(access.rules);
  const pages = await Promise.all(paths.map((path) => findPage(site, path)));
  const isListed = (page: SitePage) =>
    page.access === 'public' && (page.isOwners === true || !isMeteredPath(page.path));
  const listed = pages.flatMap((page) =>
    page && isListed(page) && !isNotIndexed(page.html) ? page.path : [],
  );
  // A folder is listed with and without the slash at its end.
  return [...new Set(listed)];
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

const forSearchEngines = ['/sitemap.xml', '/robots.txt'];

/**
 * Whether a site that was built elsewhere brings a file of its own. Search engines are visitors: one that
 * is not for them would be none.
 */
export function bringsFile({ site, access }: Pick<ServerDeps, 'site' | 'access'>, path: string) {
  const isForAll = !forSearchEngines.includes(path) || access.findAccess(path) === 'public';
  return site.isListed(path) && isForAll;
}

/** Written here and not by the build: the addresses in them are absolute, and follow the settings. */
export function addSearchEngineFiles(
  server: FastifyInstance,
  { site, access, settings }: ServerDeps,
): void {
  const origin = settings.publicOrigin;
  const routeOptions = { constraints: yieldsToFile };

  server.get('/sitemap.xml', routeOptions, async (_request, reply) => {
    const articles = await readArticles(site);
    const found = articles.filter((article) => mayFind(article, null));
    const entries = listEntries(await listPublicPages({ site, access }), found);
    const sitemap = writeSitemap(origin, entries);
    allowCaching(reply);
    return reply.type('application/xml; charset=utf-8').compress(sitemap);
  });

  server.get('/robots.txt', routeOptions, async (_request, reply) => {
    allowCaching(reply);
    return reply.type('text/plain; charset=utf-8').send(writeRobots(origin));
  });
}
