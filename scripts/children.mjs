// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

import { noteWorker } from './lock.mjs';

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * @typedef {object} Child
 * @property {string[]} command program and its arguments
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [prefix] put before each line of its output
 * @property {RegExp} [omit] with a prefix: the lines to leave out
 */

/**
 * Runs children side by side until the first of them ends, then ends the others. Each signal is passed on once.
 *
 * @param {Child[]} wanted
 * @returns {Promise<number>} exit code of the one that ended first, and 0 when it died of a signal passed on
 */
export async function runChildren(wanted) {
  /** @type {Set<NodeJS.Signals>} */
  const passedOn = new Set();
  const running = wanted.map((child) => start(child, passedOn));
  for (const signal of signals) {
    process.on(signal, () => {
      if (passedOn.has(signal)) return;
      passedOn.add(signal);
      running.forEach(({ child }) => child.kill(signal));
    });
  }
  const exitCode = await Promise.race(running.map(({ ended }) => ended));
  running.forEach(({ child }) => child.exitCode ?? child.signalCode ?? child.kill('SIGTERM'));
  await Promise.all(running.map(({ ended }) => ended));
  return exitCode;
}

/**
 * @param {Child} wanted
 * @param {Set<NodeJS.Signals>} passedOn
 */
function start({ command, cwd, env, prefix, omit }, passedOn) {
  const [program = '', ...args] = command;
  const output = prefix ? 'pipe' : 'inherit';
  const child = spawn(program, args, { cwd, env, stdio: ['inherit', output, output] });
  noteWorker(child.pid);
  if (prefix) {
    const write = (/** @type {string} */ line) => omit?.test(line) || console.log(prefix + line);
    [child.stdout, child.stderr].forEach((stream) => stream && readLines(stream, write));
  }
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      // Some programs catch a signal and end with the code that dying of it would have given.
      const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
      const asked = [...passedOn].some((name) => exitCode === 128 + constants.signals[name]);
      resolve(asked ? 0 : exitCode);
    });
  });
  return { child, ended };
}

/**
 * @param {import('node:stream').Readable} stream
 * @param {(line: string) => void} take
 */
function readLines(stream, take) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(take);
  });
}
