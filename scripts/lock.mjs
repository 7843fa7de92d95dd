// @ts-check
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { root } from './workspace.mjs';

const folder = path.join(root, '.cache');
const pollMilliseconds = 500;
const heartbeatMilliseconds = 2_000;
const silentMilliseconds = 10_000;
const orphanMilliseconds = 600_000;

/** The lock files that this process holds. */
const held = new Set();

/**
 * Runs `work` while no other process of this clone is inside the same lock. The lock is a file that
 * names its holder and is touched while the holder lives.
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
  held.add(file);
  const heartbeat = setInterval(
    () => unless('ENOENT', () => utimesSync(file, new Date(), new Date())),
    heartbeatMilliseconds,
  );
  const release = () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/**
 * Notes a child that does the work of the locks that are held: it may outlive this process.
 *
 * @param {number | undefined} pid
 */
export function noteWorker(pid) {
  if (pid) for (const file of held) writeFileSync(file, describeHolder([process.pid, pid]));
}

/** @param {string} file */
async function acquire(file) {
  let waited = false;
  let seen = look(file);
  let seenAt = performance.now();
  while (!create(file)) {
    const now = look(file);
    if (now !== seen) {
      seen = now;
      seenAt = performance.now();
    }
    if (now !== null && isAbandoned(file, performance.now() - seenAt)) {
      if (look(file) === now) rmSync(file, { force: true });
      continue;
    }
    if (!waited) console.log('Another command is running in this folder. Waiting for it…');
    waited = true;
    await wait(pollMilliseconds);
  }
}

/**
 * Whether the holder is gone. Clocks are not compared: a lock may come from another machine, or from
 * before the clock was set.
 *
 * @param {string} file
 * @param {number} silentFor milliseconds in which the lock was not touched
 */
function isAbandoned(file, silentFor) {
  const content = unless('ENOENT', () => readFileSync(file, 'utf8')) ?? '';
  const [place, ...pids] = content.split('\n');
  if (place !== describePlace() || pids.length === 0) return silentFor > silentMilliseconds;
  return pids.every((pid) => !isAlive(Number(pid))) || silentFor > orphanMilliseconds;
}

/** @param {number} pid */
function isAlive(pid) {
  // A process of another user counts: EPERM.
  return unless('ESRCH', () => unless('EPERM', () => process.kill(pid, 0)) ?? true) !== null;
}

/** @param {number[]} pids */
function describeHolder(pids) {
  return [describePlace(), ...pids].join('\n');
}

/** Where a process id means something: this machine and, in a container, this start of it. */
function describePlace() {
  try {
    return `${os.hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return os.hostname();
  }
}

/** @param {string} file */
function create(file) {
  const write = () => writeFileSync(file, describeHolder([process.pid]), { flag: 'wx' });
  return unless('EEXIST', write) !== null;
}

/**
 * What changes with each touch, or null where there is no lock.
 *
 * @param {string} file
 */
function look(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs}` : null;
}

/**
 * What `work` gives, or null where it fails with this code.
 *
 * @template T
 * @param {string} code
 * @param {() => T} work
 */
function unless(code, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return null;
    throw error;
  }
}
