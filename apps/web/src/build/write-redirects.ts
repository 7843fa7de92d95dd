import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  articlePath,
  ARTICLES_PATH,
  articlesContent,
  nameAddress,
  REDIRECTS_FILE,
  type Article,
  type SiteRedirects,
} from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { listBuiltFiles } from './built-files.ts';
import { findElement, isElement, listChildren, parsePage, type Node } from './page-tree.ts';

const MOVED = 301;
/** What the server answers itself, whatever the site has. */
const serverPaths =
  /^\/(trpc|download|feed|feed\.xml|sitemap\.xml|robots\.txt|healthz|readyz|metrics)(\/|$)/;

function listElements(node: Node, name: string): Node[] {
  const inside = listChildren(node).flatMap((child) => listElements(child, name));
  return node.nodeName === name ? [node, ...inside] : inside;
}

/** Where the page leads that Astro makes of a redirect: `<meta http-equiv="refresh" content="0;url=…">`. */
function readRefresh(html: string): string | null {
  const head = findElement(parsePage(html), 'head');
  const metas = head ? listElements(head, 'meta') : [];
  const contents = metas.filter(isElement).map(({ attrs }) => {
    const [refresh, content] = ['http-equiv', 'content'].map(
      (wanted) => attrs.find(({ name }) => name === wanted)?.value,
    );
    return refresh === 'refresh' ? content : undefined;
  });
  return /^\d+;\s*url=(.+)$/is.exec(contents.find(Boolean) ?? '')?.[1] ?? null;
}

/** A page of the site by its clean address: Astro leads from one dynamic route to another by file names. */
function cleanLocation(location: string, names: Set<string>): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(location) ?? [];
  const name = path.slice(1);
  return path.startsWith('/') && names.has(name) ? encodeURI(nameAddress(name)) + rest : location;
}

/** Takes the pages that stand for Astro's redirects out of the build, and says where they lead. */
async function takeRedirectPages(
  folder: string,
  assets: Map<string, URL[]>,
  routes: IntegrationResolvedRoute[],
): Promise<SiteRedirects> {
  const redirects: SiteRedirects = {};
  const names = new Set((await listBuiltFiles(folder)).map(({ name }) => name));
  for (const { pattern, redirect, type } of routes) {
    if (type !== 'redirect') continue;
    const status = typeof redirect === 'object' ? redirect.status : MOVED;
    for (const url of assets.get(pattern) ?? []) {
      const file = fileURLToPath(url);
      const location = readRefresh(await readFile(file, 'utf8'));
      if (location === null) continue;
      redirects[nameAddress(relative(folder, file).replaceAll(sep, '/'))] = {
        status,
        location: cleanLocation(location, names),
      };
      await rm(file);
    }
  }
  return redirects;
}

/**
 * Former addresses of articles as redirects.
 *
 * @param isTaken whether something else has an address
 * @throws naming the article, where its former address is another's
 */
function listAliases(
  articles: Pick<Article, 'slug' | 'aliases' | 'file'>[],
  isTaken: (path: string) => boolean,
): SiteRedirects {
  const owners = new Map<string, string>();
  for (const { aliases, file } of articles) {
    for (const alias of aliases) {
      const path = alias.replace(/(.)\/$/, '$1');
      const other = owners.get(path);
      if (/[\0?#]|\/\/|\/\.{1,2}(\/|$)/.test(path)) {
        throw new Error(
          `${file}: the alias "${alias}" is no path of this site, such as /2019/news.`,
        );
      }
      if (other !== undefined || isTaken(path) || serverPaths.test(path)) {
        const owner = other ?? 'the site, or its server, has something there';
        throw new Error(
          `${file}: the alias "${alias}" is taken: ${owner}. Give up one of the two.`,
        );
      }
      owners.set(path, file);
    }
  }
  return Object.fromEntries(
    articles.flatMap(({ slug, aliases }) =>
      aliases.map((alias) => [
        alias.replace(/(.)\/$/, '$1'),
        { status: MOVED, location: encodeURI(articlePath(slug)) },
      ]),
    ),
  );
}

async function readArticles(folder: string): Promise<Article[]> {
  if (!existsSync(join(folder, ARTICLES_PATH))) return [];
  const text = await readFile(join(folder, ARTICLES_PATH), 'utf8');
  return articlesContent.parse(JSON.parse(text)).items;
}

/**
 * Writes down for the server which addresses lead elsewhere: Astro's `redirects`, which would be pages
 * that lead on by themselves, and the aliases of articles.
 */
export function writeRedirects(): AstroIntegration {
  let routes: IntegrationResolvedRoute[] = [];
  return {
    name: 'write-redirects',
    hooks: {
      'astro:routes:resolved': (resolved) => {
        routes = resolved.routes;
      },
      'astro:build:done': async ({ dir, assets }) => {
        const folder = fileURLToPath(dir);
        const redirects = await takeRedirectPages(folder, assets, routes);
        const taken = new Set((await listBuiltFiles(folder)).map(({ path }) => path));
        const isTaken = (path: string) => taken.has(path) || path in redirects;
        const aliases = listAliases(await readArticles(folder), isTaken);
        const file = join(folder, REDIRECTS_FILE);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, JSON.stringify({ ...redirects, ...aliases }));
      },
    },
  };
}
