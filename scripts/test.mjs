// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import './end-with-npm.mjs';
import { bringPrograms } from './bring-programs.mjs';
import { listChecks, summaries } from './checks.mjs';
import { withLock } from './lock.mjs';
import { explainFailures } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { countTests } from './test-reports.mjs';
import { cleanEnvironment, root, toolEnvironment } from './workspace.mjs';

/** @typedef {import('./checks.mjs').Check} Check */
/** @typedef {import('./test-reports.mjs').Count & { check: Check, seconds: number }} Result */

const reportFolder = path.join(root, '.cache/test-reports');

// Reports and built pages have one place each, so two runs in one folder take turns.
await explainFailures(() => withLock('test', testEverything));

async function testEverything() {
  await setUp('[1/3]');
  const paths = await bringPrograms(
    ['chromium', 'nginx', 'caddy', 'pgbouncer', 'hugo', 'firefox', 'webkit'],
    '[2/3]',
  );
  console.log('[3/3] Checking');
  for (const folder of [reportFolder, path.join(root, summaries)])
    rmSync(folder, { recursive: true, force: true });
  mkdirSync(reportFolder, { recursive: true });
  const results = await runChecks(listChecks(reportFolder, paths));
  process.exitCode = summarise(results) === 0 ? 0 : 1;
}

/** @param {Check[]} checks */
async function runChecks(checks) {
  /** @type {Result[]} */
  const results = [];
  for (const [index, check] of checks.entries()) {
    console.log(`\n── ${index + 1}/${checks.length} ${check.name}`);
    const needed = results.find((result) => result.check.name === check.needs);
    if (needed && needed.failed > 0) {
      console.log(`Not run, because it needs "${check.needs}", which failed.`);
      results.push({ check, passed: 0, failed: 1, skipped: 0, failures: [], seconds: 0 });
    } else {
      results.push(await runCheck(check));
    }
  }
  return results;
}

/**
 * @param {Check} check
 * @returns {Promise<Result>}
 */
async function runCheck(check) {
  const startedAt = performance.now();
  const ok = await succeeds(check);
  const seconds = (performance.now() - startedAt) / 1000;
  const count = check.report
    ? countTests(check.report.file, check.report.read, ok)
    : { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [] };
  return { check, ...count, seconds };
}

/**
 * @param {Check} check
 * @returns {Promise<boolean>}
 */
async function succeeds({ command, cwd = '.', env, isOwners }) {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: path.join(root, cwd),
    env: isOwners ? toolEnvironment(env) : cleanEnvironment(env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch (error) {
    console.error(String(error));
    return false;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/**
 * @param {Result[]} results
 * @returns {number} how many failed
 */
function summarise(results) {
  console.log('\n── summary');
  for (const { check, passed, failed, skipped, failures, seconds } of results) {
    const mark = failed === 0 ? '✓' : '✗';
    const counts = `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
    console.log(`${mark} ${check.name.padEnd(22)} ${counts.padEnd(36)} ${seconds.toFixed(1)} s`);
    for (const failure of failures) console.log(`  ${failure}`);
    if (skipped && check.whySkipped) console.log(`  ${check.whySkipped}`);
  }
  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed');
}
