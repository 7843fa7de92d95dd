import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicPaths, REDIRECTS_FILE, siteRedirects } from '@latchkey/shared';
import type { AstroIntegration } from 'astro';
import { findNearest } from '../lib/front-matter.ts';
import { listBuiltFiles } from './built-files.ts';

/** What the server answers itself. */
const serverPaths = ['/feed.xml', '/sitemap.xml', '/robots.txt'];

/** How an entry is written that people mean by `/about/`, `about.html` or `/docs*`. */
function tidy(entry: string): string {
  const path = entry.replaceAll('\\', '/').replace(/^\/*/, '/');
  if (path.endsWith('*')) return path.replace(/\/*\**$/, '/*');
  return path.replace(/(\/index)?(\.html?)?\/*$/i, '') || '/';
}

/** The entry that was likely meant, or undefined. */
function guess(entry: string, paths: string[]): string | undefined {
  const tidied = tidy(entry);
  const isFolder = tidied.endsWith('/*');
  const folders = paths.flatMap((path) =>
    [...path.matchAll(/\//g)].slice(1).map(({ index }) => `${path.slice(0, index)}/*`),
  );
  const known = isFolder ? [...new Set(folders)] : paths;
  const same = known.find((one) => one.toLowerCase() === tidied.toLowerCase());
  return same ?? findNearest(tidied, known);
}

/**
 * Names the entries of the list of public paths that stand for nothing.
 *
 * @param paths the addresses of everything there is
 */
export function findIdleEntries(entries: readonly string[], paths: string[]): string[] {
  const normal = paths.map((path) => path.normalize('NFC'));
  const fits = (entry: string) =>
    entry.endsWith('/*')
      ? normal.some((path) => path.startsWith(entry.slice(0, -1)))
      : normal.includes(entry.normalize('NFC'));
  return entries
    .filter((entry) => !fits(entry))
    .map((entry) => {
      const meant = guess(entry, paths);
      const advice =
        meant === undefined ? 'Take it out, or write what it is for.' : `Write '${meant}'.`;
      return `  '${entry}' fits nothing of the site. ${advice}`;
    });
}

async function listRedirects(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, REDIRECTS_FILE), 'utf8').catch(() => '{}');
  return Object.keys(siteRedirects.parse(JSON.parse(text)));
}

/** Says which entries of the list of public paths make nothing public, and what they may have meant. */
export function checkPublicPaths(): AstroIntegration {
  return {
    name: 'check-public-paths',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const built = (await listBuiltFiles(folder)).map(({ path }) => path);
        const paths = [...built, ...(await listRedirects(folder)), ...serverPaths];
        const idle = findIdleEntries(publicPaths, paths);
        if (idle.length === 0) return;
        logger.warn(['packages/shared/src/public-paths.ts:', ...idle].join('\n'));
      },
    },
  };
}
