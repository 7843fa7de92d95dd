// @ts-check
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { hasApt, unpackWithNeeded } from './apt.mjs';
import { listCandidates, runs } from './executables.mjs';
import { SetUpError } from './set-up-error.mjs';
import { root } from './workspace.mjs';

const ownFolder = path.join(root, '.cache/pgbouncer');
/** Starts the one that was fetched, with its libraries. */
const ownExecutable = path.join(ownFolder, 'pgbouncer');

/** What to tell where there is none. */
export const withoutPgbouncer =
  'No PgBouncer was found and none could be fetched, so its tests are skipped. ' +
  'Install pgbouncer, or set PGBOUNCER_PATH to one, to run them.';

/**
 * Finds a PgBouncer that runs, or fetches one for this folder alone.
 *
 * @returns {Promise<string | null>} path of its executable
 */
export async function findOrFetchPgbouncer(label = 'PgBouncer') {
  const named = process.env['PGBOUNCER_PATH'];
  if (named && !runs(named)) {
    throw new SetUpError(
      `PGBOUNCER_PATH names ${named}, which does not run. Correct it, or unset it to search for one.`,
    );
  }
  const found = named || findInstalled() || (await fetchWithApt(label));
  console.log(found ? `${label} is ${found}` : `${label}: ${withoutPgbouncer}`);
  return found;
}

function findInstalled() {
  const folders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
  const candidates = listCandidates(['pgbouncer'], folders);
  return [...candidates, ownExecutable].find((executable) => runs(executable));
}

// Unpacked, not installed: an installed one would be started.
/** @param {string} label */
async function fetchWithApt(label) {
  if (!hasApt()) return null;
  await unpackWithNeeded(label, 'pgbouncer', ownFolder);
  const places = listLibraryFolders().join(':');
  const program = path.join(ownFolder, 'usr/sbin/pgbouncer');
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${places}' exec '${program}' "$@"\n`;
  writeFileSync(ownExecutable, script, { mode: 0o755 });
  return findInstalled() ?? null;
}

/** Debian has libraries in a folder of the machine's architecture. */
function listLibraryFolders() {
  return ['usr/lib', 'lib']
    .map((folder) => path.join(ownFolder, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
}
