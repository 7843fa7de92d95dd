// @ts-check
import path from 'node:path';
import process from 'node:process';

import { hasApt, unpackWithApt } from './apt.mjs';
import { listCandidates, runs } from './executables.mjs';
import { SetUpError } from './set-up-error.mjs';
import { root } from './workspace.mjs';

const ownFolder = path.join(root, '.cache/nginx');
/** Debian and Ubuntu moved the program from one package to the other. */
const packages = ['nginx', 'nginx-light'];

/** What to tell where there is none. */
export const withoutNginx =
  'No nginx was found and none could be fetched, so the tests of a shared cache and of several processes are skipped. ' +
  'Install nginx, or set NGINX_PATH to one, to run them.';

/**
 * Finds an nginx that runs, or fetches one for this folder alone.
 *
 * @returns {Promise<string | null>} path of its executable
 */
export async function findOrFetchNginx(label = 'nginx') {
  const found = await find(label);
  console.log(found ? `${label} is ${found}` : `${label}: ${withoutNginx}`);
  return found;
}

/**
 * The same for what cannot do without.
 *
 * @param {string} label
 */
export async function demandNginx(label) {
  const found = await find(label);
  if (!found) {
    throw new SetUpError(
      'No nginx was found and none could be fetched. Install nginx, or set NGINX_PATH to one, and run this again.',
    );
  }
  console.log(`${label} is ${found}`);
  return found;
}

/** @param {string} label */
async function find(label) {
  const named = process.env['NGINX_PATH'];
  if (named && !isUsable(named)) {
    throw new SetUpError(
      `NGINX_PATH names ${named}, which does not run. Correct it, or unset it to search for one.`,
    );
  }
  return named || findInstalled() || (await fetchWithApt(label));
}

// One that is too old does not know -e, which the tests need.
/** @param {string} executable */
function isUsable(executable) {
  return runs(executable, ['-e', 'stderr', '-v']);
}

function findInstalled() {
  const folders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
  const own = packages.map((name) => path.join(ownFolder, name, 'usr/sbin'));
  return listCandidates(['nginx'], [...folders, ...own]).find(isUsable);
}

// Unpacked, not installed: an installed nginx would be started, and take port 80.
/** @param {string} label */
async function fetchWithApt(label) {
  if (!hasApt()) return null;
  for (const name of packages) {
    await unpackWithApt(label, name, path.join(ownFolder, name));
    const found = findInstalled();
    if (found) return found;
  }
  return null;
}
