// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { root } from './workspace.mjs';

const sources = ['apps/web/public', 'apps/web/src', 'packages/shared/src'];

/**
 * What stands at a path, behind links; undefined where that is nothing, or a link to itself.
 *
 * @param {string} file
 */
function look(file) {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Tells what lies behind the links to folders among the sources of the site, which Turborepo does not
 * look behind: without this it would take a site for built that has changed there.
 *
 * @param {string} [folder] the repository
 * @returns {string} a digest of the names, sizes and times of the files; empty where there is no such link
 */
export function describeLinkedFiles(folder = root) {
  const hash = createHash('sha256');
  /** @type {Set<string>} */
  const seen = new Set();
  let isLinked = false;

  /** @param {string} place @param {boolean} isBehind whether it lies behind a link */
  function walk(place, isBehind) {
    const real = realpathSync(place);
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const file = path.join(place, entry.name);
      const stats = isBehind || entry.isSymbolicLink() ? look(file) : undefined;
      const isFolder = (stats ?? entry).isDirectory();
      const isLink = entry.isSymbolicLink() && isFolder;
      if (isLink) isLinked = true;
      if (isLink || isBehind) hash.update(`${file}\0${stats?.size}\0${stats?.mtimeMs}\n`);
      if (isFolder) walk(file, isBehind || isLink);
    }
  }

  for (const name of sources) {
    const place = path.join(folder, name);
    if (existsSync(place)) walk(place, false);
  }
  return isLinked ? hash.digest('hex') : '';
}
