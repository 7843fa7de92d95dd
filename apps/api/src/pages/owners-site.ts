import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAccessMark, type Access, type SiteAccess } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import { isAccountPath, isEntryPath } from './account-pages.ts';
import {
  createPageReader,
  findBuild,
  findSpelling,
  KEPT_BYTES,
  type SiteFiles,
} from './built-site.ts';
import { createKeptFiles } from './kept-files.ts';
import { hasRoleBlocks, readOwnersPage, type OwnersPage } from './owners-page.ts';
import { sendFile } from './send-file.ts';
import type { Site, SiteFile } from './site-file.ts';

/** A generator may write the home page long before the last one: until then the list is made anew. */
const SETTLING_MS = 60_000;
const RELIST_MS = 1000;

/**
 * The files of a site that another generator built. As everywhere, `x/index.html` is `/x/`, so that its
 * relative links lead where they should; `x.html` is `/x`. Hidden files and links are left out.
 *
 * @throws when the folder has no index.html
 */
export function readOwnersSite(folder: string, access: SiteAccess): Site {
  let files = readFiles(folder, access);
  let build = findBuild(folder);
  let listedAt = Date.now();
  const relist = (found: string | null) => {
    listedAt = Date.now();
    try {
      files = readFiles(folder, access);
      build = found;
    } catch {
      // A file went while it was read: the generator is at work, and the list is made again.
    }
    return files;
  };
  const current = () => {
    if (Date.now() - listedAt < RELIST_MS) return files;
    const found = findBuild(folder);
    if (found === null) return files;
    return found !== build || isSettling(folder, listedAt) ? relist(found) : files;
  };
  return {
    find: async ({ path }) => (await findSpelling(current(), path)?.()) ?? null,
    isListed: (path) => current().has(path),
    listPaths: () => [...current().keys()].filter((path) => path !== '/404'),
    readText: async (path) => (current().has(path) ? readFile(join(folder, path), 'utf8') : null),
  };
}

/** Whether the list was made so soon after the home page that others may have come later. */
function isSettling(folder: string, listedAt: number): boolean {
  const home = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
  return home !== undefined && listedAt - home.mtimeMs < SETTLING_MS;
}

/** The names of all files below a folder. A link may lead anywhere, so none is followed. */
function listNames(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below + entry.name;
    if (entry.isDirectory()) return listNames(folder, `${name}/`);
    return entry.isFile() ? name : [];
  });
}

const isShown = (name: string) => !/(^|\/)\./.test(name.replace(/^\.well-known\//, ''));

function nameAddress(name: string): string {
  if (!name.endsWith('.html')) return `/${name}`;
  const path = `/${name.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '')}`;
  const bare = trimSlash(path);
  // The forms of an account are sent to its clean address.
  return isAccountPath(bare) ? bare : path;
}

const trimSlash = (path: string) => path.replace(/(.)\/$/, '$1');

/** What the page of a log-in or of a registration is for, nobody can be signed in before. */
function findAccess(access: SiteAccess, path: string, page: OwnersPage | null): Access {
  const html = page?.html ?? '';
  // Its parts cannot be left out, so nobody gets it; check-site says so.
  if (page && !page.isUtf8 && hasRoleBlocks(html)) return [];
  const bare = trimSlash(path);
  const isNamed = access.findRule(bare)?.key === bare;
  if (isEntryPath(bare) && !isNamed) return readAccessMark(html) ?? 'public';
  return access.findPage(bare, html);
}

function readFiles(folder: string, access: SiteAccess): SiteFiles {
  if (findBuild(folder) === null) throw missingSiteError(folder);
  const kept = createKeptFiles(folder, KEPT_BYTES);
  const openPage = createPageReader(folder, () => undefined);
  const openFile = (name: string, path: string) => {
    const page = readOwnersPage(folder, name);
    // A page in another encoding names it itself.
    const hasOwnCharset = page !== null && !page.isUtf8;
    const served = {
      path,
      access: findAccess(access, path, page),
      isOwners: true,
      send: (reply: FastifyReply) => sendFile(reply, { folder, name, kept, hasOwnCharset }),
    } as const;
    if (!page?.isUtf8) {
      const asset: SiteFile = { kind: 'asset', ...served, ...(page && { isPage: true }) };
      return async () => asset;
    }
    const open = openPage(name, page.html, served);
    // What some roles alone may read is never in a file that goes to everybody.
    return hasRoleBlocks(page.html) ? async () => withoutFile(await open()) : open;
  };
  const files: SiteFiles = new Map();
  for (const name of listNames(folder).filter(isShown)) {
    const path = nameAddress(name);
    files.set(path, openFile(name, path));
  }
  addFolders(files);
  return files;
}

/** `/x` leads to `/x/`, unless there is something else. */
function addFolders(files: SiteFiles): void {
  for (const [path, open] of [...files]) {
    const bare = trimSlash(path);
    if (!files.has(bare)) files.set(bare, open);
  }
}

const withoutFile = (file: SiteFile): SiteFile =>
  file.kind === 'page' ? { ...file, send: null } : file;

function missingSiteError(folder: string): Error {
  return new Error(
    `SITE_DIR has no site: ${folder} has no index.html. Build the site first, or correct SITE_DIR.`,
  );
}
