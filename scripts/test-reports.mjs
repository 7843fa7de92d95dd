// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * @callback ReadReport
 * @param {string} text of the report a runner wrote
 * @returns {Count}
 */

/**
 * Counts what really ran. A runner that failed without naming a failed test, or that ran
 * nothing, counts as one failure.
 *
 * @param {string} file where the runner's report should be
 * @param {ReadReport} read
 * @param {boolean} ok whether the runner's exit code was 0
 * @returns {Count}
 */
export function countTests(file, read, ok) {
  const count = tryRead(file, read);
  const ran = count.passed + count.failed > 0;
  if (count.failed === 0 && (!ok || !ran)) return { ...count, failed: 1 };
  return count;
}

/**
 * @param {string} file
 * @param {ReadReport} read
 */
function tryRead(file, read) {
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(file)) return nothing;
  try {
    return read(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`The report of the tests cannot be read: ${error}`);
    return nothing;
  }
}

/** @type {ReadReport} */
export function readVitest(text) {
  const report = JSON.parse(text);
  /** @type {{ status: string, assertionResults: unknown[] }[]} */
  const files = report.testResults;
  const brokenFiles = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @type {ReadReport} */
export function readPlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}

/** @type {ReadReport} */
export function readTap(text) {
  const last = (/** @type {string} */ name) =>
    Number([...text.matchAll(new RegExp(`^# ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return {
    passed: last('pass'),
    failed: last('fail') + last('cancelled'),
    skipped: last('skipped') + last('todo'),
  };
}
