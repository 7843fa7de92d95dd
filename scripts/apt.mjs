// @ts-check
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { runQuietly } from './run-quietly.mjs';
import { root } from './workspace.mjs';

const apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300'];
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const install = ['install', '-y', '--no-install-recommends'];

const isRoot = process.getuid?.() === 0;
const hasApt = () => existsSync('/usr/bin/apt-get');

/** @type {Promise<unknown> | undefined} */
let lists;

/** @param {string} label */
async function readPackageLists(label) {
  const title = `${label}: reading the package lists…`;
  if (isRoot) await (lists ??= runQuietly({ title, command: [...apt, 'update'], env }));
}

/**
 * Installs packages for the whole machine, where this is Debian or a relative of it, and the user root.
 *
 * @param {string} label
 * @param {string[]} packages
 * @returns {Promise<string>} what apt-get said
 */
export async function installWithApt(label, packages) {
  if (!isRoot || !hasApt()) return '';
  await readPackageLists(label);
  const title = `${label}: installing with apt-get…`;
  return (await runQuietly({ title, command: [...apt, ...install, ...packages], env })).output;
}

/** @param {string} name of a package */
const folderOf = (name) => path.join(root, '.cache', name);

/** @param {string} name of a package */
export const fetchedProgram = (name) => path.join(folderOf(name), 'bin', name);

/**
 * Fetches a package's program, and the packages that it needs and that are not installed, for this
 * folder alone. Unpacked, not installed: nobody has to be root, and an installed server would be started.
 *
 * @param {string} label
 * @param {string} name of the package and of its program
 * @returns {Promise<string>} what apt-get said
 */
export async function fetchWithApt(label, name) {
  if (!hasApt()) return '';
  const folder = folderOf(name);
  const archives = path.join(folder, 'archives');
  mkdirSync(path.join(archives, 'partial'), { recursive: true });
  await readPackageLists(label);
  const options = ['-o', `Dir::Cache::archives=${archives}`, '-o', 'Debug::NoLocking=1'];
  const command = [...apt, ...options, ...install, '--download-only', name];
  const { output } = await runQuietly({ title: `${label}: fetching with apt-get…`, command, env });
  for (const file of readdirSync(archives).filter((one) => one.endsWith('.deb'))) {
    const unpack = ['dpkg-deb', '--extract', path.join(archives, file), folder];
    await runQuietly({ title: `${label}: unpacking…`, command: unpack });
  }
  writeLauncher(folder, name);
  return output;
}

/**
 * Debian has libraries in a folder of the machine's architecture.
 *
 * @param {string} folder
 * @param {string} name
 */
function writeLauncher(folder, name) {
  const places = ['usr/lib', 'lib']
    .map((inside) => path.join(folder, inside))
    .filter((inside) => existsSync(inside))
    .flatMap((inside) => readdirSync(inside).map((entry) => path.join(inside, entry)));
  const programs = ['usr/sbin', 'usr/bin'].map((inside) => path.join(folder, inside, name));
  const program = programs.find((file) => existsSync(file)) ?? '';
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${places.join(':')}' exec '${program}' "$@"\n`;
  mkdirSync(path.dirname(fetchedProgram(name)), { recursive: true });
  writeFileSync(fetchedProgram(name), script, { mode: 0o755 });
}
