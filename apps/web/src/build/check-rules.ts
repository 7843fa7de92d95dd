import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  accessRules,
  MEMBERS_CONTENT_PATH,
  membersContent,
  REDIRECTS_FILE,
  sectionPath,
  siteRedirects,
} from '@latchkey/shared';
import type { AstroIntegration } from 'astro';
import { findNearest } from '../lib/front-matter.ts';
import { listBuiltFiles } from './built-files.ts';

/** What the server answers itself. */
const serverPaths = ['/feed.xml', '/sitemap.xml', '/robots.txt'];

/** Where the files to download lie, from the site's folder. */
const DOWNLOADS = '../api/downloads';

/** How a key is written that people mean by `/about/`, `about.html` or `/docs*`. */
function tidy(key: string): string {
  const path = key.replaceAll('\\', '/').replace(/^\/*/, '/');
  if (path.endsWith('*')) return path.replace(/\/*\**$/, '/*');
  return path.replace(/(\/index)?(\.html?)?\/*$/i, '') || '/';
}

/** The key that was likely meant, or undefined. */
function guess(key: string, paths: string[]): string | undefined {
  const tidied = tidy(key);
  const isFolder = tidied.endsWith('/*');
  const folders = paths.flatMap((path) =>
    [...path.matchAll(/\//g)].slice(1).map(({ index }) => `${path.slice(0, index)}/*`),
  );
  const known = isFolder ? [...new Set(folders)] : paths;
  const same = known.find((one) => one.toLowerCase() === tidied.toLowerCase());
  return same ?? findNearest(tidied, known);
}

/**
 * Names the keys of the access rules that stand for nothing.
 *
 * @param paths the addresses of everything there is
 */
export function findIdleKeys(keys: readonly string[], paths: string[]): string[] {
  const normal = paths.map((path) => path.normalize('NFC'));
  const isBelow = (path: string, folder: string) =>
    path === folder || path.startsWith(`${folder}/`);
  const fits = (key: string) =>
    key.endsWith('/*')
      ? normal.some((path) => isBelow(path, key.slice(0, -2).normalize('NFC')))
      : normal.includes(key.normalize('NFC'));
  return keys
    .filter((key) => !fits(key))
    .map((key) => {
      const meant = guess(key, paths);
      const advice =
        meant === undefined
          ? 'Take it out, or leave it for a program behind your proxy.'
          : `Write '${meant}'.`;
      return `  '${key}' fits nothing of the site. ${advice}`;
    });
}

async function listDownloads(root: string): Promise<string[]> {
  const folder = join(root, DOWNLOADS);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .map((name) => `/download/${name.replaceAll(sep, '/')}`);
}

async function listSections(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, MEMBERS_CONTENT_PATH), 'utf8').catch(
    () => '{"items":[]}',
  );
  return membersContent.parse(JSON.parse(text)).items.map(({ id }) => sectionPath(id));
}

async function listRedirects(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, REDIRECTS_FILE), 'utf8').catch(() => '{}');
  return Object.keys(siteRedirects.parse(JSON.parse(text)));
}

/** Says which access rules are about nothing, and what they may have meant. */
export function checkRules(): AstroIntegration {
  let root = '';
  return {
    name: 'check-rules',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
      },
      'astro:build:done': async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const built = (await listBuiltFiles(folder)).map(({ path }) => path);
        const others = [listRedirects(folder), listSections(folder), listDownloads(root)];
        const paths = [...built, ...(await Promise.all(others)).flat(), ...serverPaths];
        const idle = findIdleKeys(Object.keys(accessRules), paths);
        if (idle.length === 0) return;
        logger.warn(['packages/shared/src/access-rules.ts:', ...idle].join('\n'));
      },
    },
  };
}
