// @ts-check
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { runQuietly } from './run-quietly.mjs';

/** @typedef {{ ok: boolean, output: string }} Outcome */

const apt = ['apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300'];
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** Whether this is Debian or a relative of it. */
export function hasApt() {
  return existsSync('/usr/bin/apt-get');
}

/** Whether packages can be installed for the whole machine. */
export function canInstallWithApt() {
  return isRoot() && hasApt();
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** @param {string} label */
function readPackageLists(label) {
  const title = `${label}: reading the package lists…`;
  return runQuietly({ title, command: [...apt, 'update'], env });
}

/**
 * Installs packages for the whole machine, as root.
 *
 * @param {string} label
 * @param {string[]} packages
 * @returns {Promise<Outcome>}
 */
export async function installWithApt(label, packages) {
  await readPackageLists(label);
  const command = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  return runQuietly({ title: `${label}: installing with apt-get…`, command, env });
}

/**
 * Puts the files of one package into a folder, and nothing anywhere else: no service is set up or
 * started, and nobody has to be root. What it depends on must be there.
 *
 * @param {string} label
 * @param {string} name of the package
 * @param {string} folder
 * @returns {Promise<Outcome>}
 */
export async function unpackWithApt(label, name, folder) {
  mkdirSync(folder, { recursive: true });
  if (isRoot()) await readPackageLists(label);
  const title = `${label}: fetching with apt-get…`;
  const command = [...apt, 'download', name];
  const fetched = await runQuietly({ title, command, cwd: folder, env });
  const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`));
  if (!archive) return fetched;
  const unpack = ['dpkg-deb', '--extract', path.join(folder, archive), folder];
  return runQuietly({ title: `${label}: unpacking…`, command: unpack });
}

/**
 * Puts the files of one package into a folder, and those of all packages that it needs and that are not
 * installed. Nothing is set up or started.
 *
 * @param {string} label
 * @param {string} name of the package
 * @param {string} folder
 * @returns {Promise<Outcome>}
 */
export async function unpackWithNeeded(label, name, folder) {
  const archives = path.join(folder, 'archives');
  mkdirSync(path.join(archives, 'partial'), { recursive: true });
  if (isRoot()) await readPackageLists(label);
  const options = ['-o', `Dir::Cache::archives=${archives}`, '-o', 'Debug::NoLocking=1'];
  const command = [...apt, ...options, 'install', '-y', '--no-install-recommends'];
  const title = `${label}: fetching with apt-get…`;
  const fetched = await runQuietly({ title, command: [...command, '--download-only', name], env });
  for (const file of readdirSync(archives).filter((one) => one.endsWith('.deb'))) {
    const unpack = ['dpkg-deb', '--extract', path.join(archives, file), folder];
    await runQuietly({ title: `${label}: unpacking…`, command: unpack });
  }
  return fetched;
}
