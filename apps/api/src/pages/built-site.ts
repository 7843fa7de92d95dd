import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import {
  ARTICLES_PATH,
  articlesContent,
  BUILD_FOLDER,
  describePolicy,
  encodedEndings,
  ENCODED_FOLDER,
  findPageAccess,
  nameAddress,
  type Article,
} from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { checkTemplate, createTemplate } from './page-template.ts';
import { keepGzipped } from './gzip-pieces.ts';
import { createArticleAccess } from './article-access.ts';
import { createKeptFiles } from './kept-files.ts';
import { sendFile, type EncodedCopies } from './send-file.ts';
import { readRedirects } from './site-redirects.ts';
import type { FileAccess, Served, Site, SiteFile } from './site-file.ts';

/** Beyond so many characters of pages, the larger ones are read when they are asked for. */
const KEPT_CHARACTERS = 64 * 1024 * 1024;
const policyPattern = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;

/** Of files that are sent as they are, kept in memory. */
export const KEPT_BYTES = 32 * 1024 * 1024;

type OpenFile = () => Promise<SiteFile>;
export type SiteFiles = Map<string, OpenFile>;

/** The policy that the build wrote into a page, or null. */
export function readPolicy(html: string): string | null {
  return policyPattern.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? null;
}

/**
 * The files of a built site, listed once a build: an address that is not on the list does not exist,
 * so no spelling of an address leads out of the folder. A new build is served from the next request on.
 *
 * @throws when the folder is missing, has no index.html, or a page has a mark that nothing fills, with
 *   what to do
 */
export function readBuiltSite(folder: string): Site {
  let build = findBuild(folder);
  let files = readSiteFiles(folder, checkTemplate);
  const current = () => {
    const found = findBuild(folder);
    if (found === null || found === build) return files;
    // Whoever put it there built it elsewhere: a mark too many is no reason to close the site.
    files = readSiteFiles(folder, () => undefined);
    build = found;
    return files;
  };
  return {
    find: async ({ path }) => (await findSpelling(current(), path)?.()) ?? null,
    isListed: (path) => current().has(path),
    listPaths: () => [...current().keys()],
    readText: async (path) => (current().has(path) ? readFile(join(folder, path), 'utf8') : null),
  };
}

/**
 * The file of a path, or of the same letters in Unicode's other form: macOS writes an `ü` of a name as
 * two characters, where an address that was typed has one.
 */
export function findSpelling(files: SiteFiles, path: string): OpenFile | undefined {
  return files.get(path) ?? files.get(path.normalize('NFC')) ?? files.get(path.normalize('NFD'));
}

/** What tells one build from another, or null while there is none. */
export function findBuild(folder: string): string | null {
  const found = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs}` : null;
}

function readSiteFiles(folder: string, check: typeof checkTemplate): SiteFiles {
  const names = listNames(folder);
  const findCopies = (name: string): EncodedCopies =>
    Object.fromEntries(
      Object.entries(encodedEndings)
        .map(([encoding, ending]) => [encoding, ENCODED_FOLDER + name + ending] as const)
        .filter(([, copy]) => names.has(copy)),
    );
  const kept = createKeptFiles(folder, KEPT_BYTES);
  const openPage = createPageReader(folder, check);
  const findArticle = createArticleAccess(readArticleItems(folder));
  const found = new Map<string, FileAccess>();
  const files: SiteFiles = new Map();
  for (const name of names) {
    if (name.startsWith(BUILD_FOLDER)) continue;
    const path = nameAddress(name);
    const copies = findCopies(name);
    const send = (reply: FastifyReply) => sendFile(reply, { folder, name, copies, kept });
    const html = name.endsWith('.html') ? readFileSync(join(folder, name), 'utf8') : null;
    const access = findArticle(path) ?? findPageAccess(path, html ?? '');
    found.set(path, access);
    const served = { path, access, send };
    const asset: SiteFile = { kind: 'asset', ...served };
    files.set(path, html === null ? async () => asset : openPage(name, html, served));
  }
  if (!files.has('/')) throw missingSiteError(folder);
  const findTarget = (path: string) =>
    found.get(path) ?? findArticle(path) ?? findPageAccess(path, '');
  for (const redirect of readRedirects(folder, findTarget)) {
    if (!files.has(redirect.path)) files.set(redirect.path, async () => redirect);
  }
  return files;
}

function readArticleItems(folder: string): Article[] {
  const file = join(folder, ARTICLES_PATH);
  if (!existsSync(file)) return [];
  return articlesContent.parse(JSON.parse(readFileSync(file, 'utf8'))).items;
}

/** Reads each page once for what the list must know, and keeps its text while there is room. */
export function createPageReader(folder: string, check: typeof checkTemplate) {
  let room = KEPT_CHARACTERS;
  return (name: string, html: string, served: Served): OpenFile => {
    const file = join(folder, name);
    check(name, html);
    const page = { kind: 'page', ...served, policy: readPolicy(html) ?? describePolicy() } as const;
    if (html.length > room) {
      return async () => {
        const read = await readFile(file, 'utf8');
        return { ...page, html: read, readTemplate: createTemplate(read), readGzipped: null };
      };
    }
    room -= html.length;
    const readTemplate = createTemplate(html);
    const readGzipped = keepGzipped(readTemplate);
    const kept: SiteFile = { ...page, html, readTemplate, readGzipped };
    return async () => kept;
  };
}

/** The names of all files below a folder, with `/` between folders. */
function listNames(folder: string): Set<string> {
  const files = listFolder(folder).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  return new Set(names.map((name) => name.replaceAll(sep, '/')));
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw missingSiteError(folder, error);
  }
}

function missingSiteError(folder: string, cause?: unknown): Error {
  return new Error(`The site is not built: ${folder} has no index.html. Run "npm run build".`, {
    cause,
  });
}
