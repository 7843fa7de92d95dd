// @ts-check
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { layFixture } from './fixture-files.mjs';
import { root } from './workspace.mjs';

const made =
  /(^|[/\\])node_modules$|^(data|\.(?!npmrc$)[^/\\]*|apps.web.(dist|dist\..*|\.astro)|e2e.(test-results|playwright-report)|.*[/\\]\.turbo)$/;
/** Whether it is a file that people write, and not one that the tools make. */
export const isSource = (/** @type {string} */ file) => !made.test(path.relative(root, file));

/**
 * Copies sources of the workspace, with the site that the tests run on in the place of the owner's, and
 * links the packages.
 *
 * @param {string} [copy] a folder that is empty; without one a new one is made. The caller removes it
 * @param {string[]} [names] of what is copied: everything, unless they are given
 * @returns {string} the folder
 */
export function copyWorkspace(
  copy = mkdtempSync(path.join(os.tmpdir(), 'latchkey-copy-')),
  names = readdirSync(root),
) {
  for (const name of names) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter: isSource });
  }
  layFixture(copy);
  const installed = ['', 'apps/api', 'apps/web', 'packages/db', 'packages/shared'];
  for (const workspace of installed) linkPackages(copy, path.join(workspace, 'node_modules'));
  return copy;
}

/**
 * Each package by itself: what tools keep in node_modules is the copy's own.
 *
 * @param {string} copy
 * @param {string} folder
 */
function linkPackages(copy, folder) {
  const target = path.join(copy, folder);
  mkdirSync(target, { recursive: true });
  for (const entry of entriesOf(path.join(root, folder))) {
    const from = path.join(root, folder, entry.name);
    const to = path.join(target, entry.name);
    // The links to the workspace's own packages are relative, so they lead to the copies.
    if (entry.isFile() || entry.name === '@latchkey')
      cpSync(from, to, { recursive: true, verbatimSymlinks: true });
    else if (entry.name === '.bin' || !entry.name.startsWith('.')) symlinkSync(from, to);
  }
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
