// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { root } from './workspace.mjs';

/**
 * @typedef {{ version?: string, resolved?: string, link?: boolean, optionalDependencies?: Record<string, string> }} Entry
 */

const exactVersion = /^\d+\.\d+\.\d+/;
const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
/** @type {Record<string, Entry>} */
const entries = JSON.parse(text).packages;

test('the lock file holds the optional packages of every platform', () => {
  const missing = Object.entries(entries).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, range]) => !matches(findFrom(place, name), range))
      .map(([name, range]) => `${name}@${range}, wanted by ${place}`),
  );
  assert.deepEqual(missing, [], 'npm ci refuses such a lock file');
});

test('the lock file names no registry', () => {
  const resolved = Object.values(entries).filter((entry) => entry.resolved && !entry.link);
  assert.deepEqual(resolved, []);
});

/**
 * @param {string} place
 * @param {string} name
 * @returns {Entry | undefined}
 */
function findFrom(place, name) {
  const found = entries[path.posix.join(place, 'node_modules', name)];
  if (found || !place) return found;
  return findFrom(place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/'))), name);
}

// Platform packages are wanted by exact version; a range is npm's own business.
/**
 * @param {Entry | undefined} entry
 * @param {string} range
 */
function matches(entry, range) {
  return entry && (!exactVersion.test(range) || entry.version === range);
}
