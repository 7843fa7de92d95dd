import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isPublicPath, nameAddress } from '@latchkey/shared';
import type { FastifyReply } from 'fastify';
import type { Site, SiteFile, SitePage } from './site-file.ts';

const policyPattern = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;
const encodedCopy = /\.(br|gz)$/;

/** The policy that the build wrote into a page, or null. */
export function readPolicy(html: string): string | null {
  return policyPattern.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? null;
}

function readSiteFile(folder: string, fileName: string): SiteFile {
  const path = nameAddress(fileName);
  const send = (reply: FastifyReply) => reply.sendFile(fileName, folder);
  const served = { path, isPublic: isPublicPath(path), send };
  if (!fileName.endsWith('.html')) return { kind: 'asset', ...served };
  const html = readFileSync(join(folder, fileName), 'utf8');
  return { kind: 'page', ...served, html, policy: readPolicy(html) } satisfies SitePage;
}

/**
 * The files of a built site, listed once a build: an address that is not on the list does not exist,
 * so no spelling of an address leads out of the folder. A new build is served from the next request on.
 *
 * @throws when the folder is missing or has no index.html, with what to do
 */
export function readBuiltSite(folder: string): Site {
  let build = findBuild(folder);
  let files = readSiteFiles(folder);
  const current = () => {
    const found = findBuild(folder);
    if (found === null || found === build) return files;
    files = readSiteFiles(folder);
    build = found;
    return files;
  };
  return {
    find: async ({ path }) => current().get(path) ?? null,
    listPaths: () => [...current().keys()],
    readText: async (path) => (current().has(path) ? readFile(join(folder, path), 'utf8') : null),
  };
}

/** What tells one build from another, or null while there is none. */
function findBuild(folder: string): string | null {
  const found = statSync(join(folder, 'index.html'), { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs}` : null;
}

function readSiteFiles(folder: string): Map<string, SiteFile> {
  const fileNames = new Set(
    listFolder(folder)
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')),
  );
  const isEncodedCopy = (fileName: string) =>
    encodedCopy.test(fileName) && fileNames.has(fileName.replace(encodedCopy, ''));
  const files = new Map(
    [...fileNames]
      .filter((fileName) => !isEncodedCopy(fileName))
      .map((fileName) => readSiteFile(folder, fileName))
      .map((file) => [file.path, file] as const),
  );
  if (!files.has('/')) throw missingSiteError(folder);
  return files;
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
