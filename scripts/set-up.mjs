// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { explainInstallFailure, sqliteAdvice } from './install-failures.mjs';
import { withLock } from './lock.mjs';
import { npmCommand, npmEnvironment } from './npm.mjs';
import { demandPlainPath } from './place.mjs';
import { runQuietly } from './run-quietly.mjs';
import { SetUpError } from './set-up-error.mjs';
import { pinnedNode, root } from './workspace.mjs';

const oldestNodeMajor = 20;
const stampFile = path.join(root, 'node_modules/.latchkey-set-up');

/**
 * Brings node_modules to the state of package-lock.json: packages, the pinned Node, sqlite3.
 *
 * @param {string} label shown before each line, such as `[1/3]`
 */
export async function setUp(label) {
  requireNode();
  demandPlainPath();
  if (!isStamped()) await withLock('set-up', () => bringUpToDate(label));
  console.log(`${label} Packages are up to date`);
}

/** @param {string} label */
async function bringUpToDate(label) {
  if (isStamped()) return;
  if (!isInstalled()) await install(label);
  await ensureRuns(label, 'node', runsPinnedNode, 'Check that npm may run install scripts.');
  await ensureRuns(label, 'sqlite3', loadsSqlite, sqliteAdvice());
  writeFileSync(stampFile, stamp());
}

function requireNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestNodeMajor) return;
  throw new SetUpError(
    `This is Node.js ${process.versions.node}; Latchkey needs ${oldestNodeMajor} or newer. Install a current Node.js and run this again.`,
  );
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function stamp() {
  const lock = createHash('sha256')
    .update(read(path.join(root, 'package-lock.json')))
    .digest('hex');
  return [lock, process.platform, process.arch].join(' ');
}

function isStamped() {
  return existsSync(pinnedNode) && read(stampFile) === stamp();
}

// Someone who ran `npm install` by hand need not sit through a second compilation of sqlite3.
function isInstalled() {
  try {
    const wanted = JSON.parse(read(path.join(root, 'package-lock.json'))).packages;
    const present = JSON.parse(read(path.join(root, 'node_modules/.package-lock.json'))).packages;
    return Object.entries(wanted).every(
      ([place, { version, integrity, optional, link }]) =>
        !place.startsWith('node_modules/') ||
        (optional && !present[place]) ||
        (link && present[place]) ||
        (present[place]?.version === version && present[place]?.integrity === integrity),
    );
  } catch {
    return false;
  }
}

/** @param {string} label */
async function install(label) {
  requireReadableLockFile();
  // A run that is killed meanwhile leaves half of the packages behind.
  rmSync(stampFile, { force: true });
  const { ok, output } = await runQuietly({
    title: `${label} Installing packages (about 3 minutes the first time, because sqlite3 is compiled)…`,
    command: [...npmCommand(), 'ci', '--no-audit', '--no-fund', '--no-progress'],
    cwd: root,
    env: npmEnvironment(),
  });
  if (!ok) throw new SetUpError(explainInstallFailure(output), output);
}

function requireReadableLockFile() {
  try {
    JSON.parse(read(path.join(root, 'package-lock.json')));
  } catch {
    throw new SetUpError(
      'package-lock.json is missing or cannot be read. Restore it with `git checkout package-lock.json` and run this again.',
    );
  }
}

/**
 * @param {string} label
 * @param {string} name of a package that its install script makes usable
 * @param {() => string | null} fault why it does not run, or null
 * @param {string} advice
 */
async function ensureRuns(label, name, fault, advice) {
  if (fault() === null) return;
  const { output } = await runQuietly({
    title: `${label} Building ${name} again, because it does not run on this machine…`,
    command: [...npmCommand(), 'rebuild', name, '--ignore-scripts=false', '--foreground-scripts'],
    cwd: root,
    env: npmEnvironment(),
  });
  const remaining = fault();
  if (remaining === null) return;
  throw new SetUpError(
    `The package ${name} was installed but does not run. ${advice}`,
    `${output}\n${remaining}`,
  );
}

function runsPinnedNode() {
  const wanted = `v${JSON.parse(read(path.join(root, 'package.json'))).devDependencies.node}`;
  const probe = spawnSync(pinnedNode, ['--version'], { encoding: 'utf8' });
  const found = probe.stdout?.trim();
  return found === wanted ? null : `${pinnedNode}: ${found || probe.error || probe.stderr}`;
}

function loadsSqlite() {
  const probe = spawnSync(pinnedNode, ['--eval', "require('sqlite3')"], {
    cwd: root,
    encoding: 'utf8',
  });
  return probe.status === 0 ? null : probe.stderr || String(probe.error);
}
