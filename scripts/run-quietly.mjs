// @ts-check
import { spawn } from 'node:child_process';
import process from 'node:process';

import { noteWorker } from './lock.mjs';

const tickSecondsOnTerminal = 1;
const tickSecondsElsewhere = 30;
const keptOutputCharacters = 200_000;

/**
 * @typedef {object} QuietRun
 * @property {string} title shown while it runs
 * @property {string[]} command program and its arguments
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutSeconds]
 */

/**
 * Runs a long command without its output, but with a sign of life.
 *
 * @param {QuietRun} run
 * @returns {Promise<{ ok: boolean, output: string, seconds: number }>}
 */
export function runQuietly({ title, command, cwd, env = process.env, timeoutSeconds }) {
  const progress = showProgress(title);
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    noteWorker(child.pid);
    const timer = timeoutSeconds && setTimeout(() => child.kill(), timeoutSeconds * 1000);
    const keep = (/** @type {string} */ chunk) => {
      output = (output + chunk).slice(-keptOutputCharacters);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const interrupt = () => {
      child.kill();
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const finish = (/** @type {boolean} */ ok) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      clearTimeout(timer || undefined);
      resolve({ ok, output, seconds: progress.end(ok) });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });
}

/** @param {string} title */
function showProgress(title) {
  const startedAt = Date.now();
  const elapsed = () => Math.round((Date.now() - startedAt) / 1000);
  const onTerminal = process.stdout.isTTY;
  const show = (/** @type {string} */ end) =>
    process.stdout.write(`${onTerminal ? '\r\x1b[K' : ''}${title} ${end}`);
  if (onTerminal) show('');
  else console.log(title);
  const tick = () => (onTerminal ? show(`${elapsed()} s`) : console.log(`      ${elapsed()} s …`));
  const timer = setInterval(
    tick,
    1000 * (onTerminal ? tickSecondsOnTerminal : tickSecondsElsewhere),
  );
  return {
    end(/** @type {boolean} */ ok) {
      clearInterval(timer);
      const outcome = `${ok ? 'done' : 'failed'} after ${elapsed()} s`;
      if (onTerminal) show(`${outcome}\n`);
      else console.log(`      ${outcome}`);
      return elapsed();
    },
  };
}

/** @param {string} output */
export function lastLines(output, count = 30) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `  | ${line}`)
    .join('\n');
}
