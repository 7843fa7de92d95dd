// @ts-check
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { root } from './workspace.mjs';

const made =
  /(^|[/\\])node_modules$|^(data|\.(?!npmrc$)[^/\\]*|apps.web.(dist|dist\..*|\.astro)|e2e.(test-results|playwright-report)|.*[/\\]\.turbo)$/;
const isSource = (/** @type {string} */ file) => !made.test(path.relative(root, file));

/**
 * Copies the sources of the workspace, so that a test may add to them, and links its packages.
 *
 * @returns {string} a new folder; the caller removes it
 */
export function copyWorkspace() {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'latchkey-copy-'));
  for (const name of readdirSync(root)) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter: isSource });
  }
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
