// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { copyWorkspace, isSource } from './copy-workspace.mjs';
import { withLock } from './lock.mjs';
import { runQuietly } from './run-quietly.mjs';
import { explainFailures, SetUpError } from './set-up-error.mjs';
import { cleanEnvironment, pinnedNode, root } from './workspace.mjs';

// usage: node scripts/fixture.mjs
// Builds the site that the tests run on: the product's pages with the sample in the folder `fixture`.
// Whatever the owner of a site changes there is not in it, and neither is a file .env.

const folder = path.join(root, '.cache/fixture');
const stampFile = path.join(root, '.cache/fixture.stamp');
const copied = ['apps', 'packages', 'package.json', 'tsconfig.base.json'];
/** What the pages depend on: a change of the server alone builds nothing anew. */
const sources = ['apps/web', 'packages/shared', 'fixture', 'scripts/fixture-files.mjs'];

/** Vitest and Playwright run it before their tests. */
export default async function setup() {
  await withLock('fixture', bringUpToDate);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await explainFailures(setup);

async function bringUpToDate() {
  const stamp = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(stampFile, { force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyWorkspace(folder, copied);
  await build();
  writeFileSync(stampFile, stamp);
}

async function build() {
  const { ok, output } = await runQuietly({
    title: 'Building the site that the tests run on…',
    command: [pinnedNode, '--run', 'build'],
    cwd: path.join(folder, 'apps/web'),
    env: cleanEnvironment(),
  });
  if (!ok) throw new SetUpError('Building the site that the tests run on failed.', output);
}

/** What the site is built from, in one hash. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const name of [...sources, 'package-lock.json'].flatMap(listFiles)) {
    hash.update(`${name}\0`).update(readFileSync(path.join(root, name)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} name
 * @returns {string[]}
 */
function listFiles(name) {
  const entries = readdirSync(path.join(root, path.dirname(name)), { withFileTypes: true });
  const entry = entries.find((one) => one.name === path.basename(name));
  if (!isSource(path.join(root, name))) return [];
  if (!entry?.isDirectory()) return [name];
  return readdirSync(path.join(root, name))
    .sort()
    .flatMap((inside) => listFiles(`${name}/${inside}`));
}
