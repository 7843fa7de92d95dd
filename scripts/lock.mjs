// @ts-check
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { root } from './workspace.mjs';

const folder = path.join(root, '.cache');
const pollMilliseconds = 500;
const heartbeatMilliseconds = 2_000;
const staleAfterMilliseconds = 60_000;

/**
 * Runs `work` while no other process of this clone is inside the same lock. The lock is a file
 * that is touched while its holder lives: a process id would mislead after a restart of a container.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const file = path.join(folder, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  await acquire(file);
  const heartbeat = setInterval(() => touch(file), heartbeatMilliseconds);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file */
async function acquire(file) {
  let waited = false;
  while (!create(file)) {
    if (isStale(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!waited) console.log('Another command is running in this folder. Waiting for it…');
    waited = true;
    await wait(pollMilliseconds);
  }
}

/** @param {string} file */
function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    return Date.now() - statSync(file).mtimeMs > staleAfterMilliseconds;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isFileError(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
