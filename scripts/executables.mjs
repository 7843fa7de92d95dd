// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * Being there is not enough: libraries may be missing, and Ubuntu's Chromium is a stub that wants snap.
 *
 * @param {string} executable
 * @param {string[]} [args] what it answers and then ends
 */
export function runs(executable, args = ['--version']) {
  if (!existsSync(executable)) return false;
  const probe = spawnSync(executable, args, { stdio: 'pipe', timeout: 20_000 });
  return probe.status === 0;
}

/**
 * Where programs of these names would be.
 *
 * @param {string[]} names
 * @param {string[]} [more] folders besides those of PATH
 */
export function listCandidates(names, more = []) {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), ...more];
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}
