// @ts-check
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures a line for each test that failed: where it is, and why
 */

/** @typedef {{ status: string, fullName: string, failureMessages: string[] }} VitestResult */
/** @typedef {{ status: string, projectName: string, results: { errors: { message?: string }[] }[] }} PlaywrightTest */
/** @typedef {{ file: string, line: number, title: string, tests: PlaywrightTest[] }} PlaywrightSpec */
/** @typedef {{ specs: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite */

/**
 * @callback ReadReport
 * @param {string} text of the report a runner wrote
 * @returns {Count}
 */

/**
 * Counts what really ran. A runner that failed without naming a failed test, or that ran
 * nothing, counts as one failure.
 *
 * @param {string} file where the runner's report should be, or its folder
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
  const nothing = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (!existsSync(file)) return nothing;
  try {
    const name = statSync(file).isDirectory() ? (readdirSync(file)[0] ?? '') : '';
    return read(readFileSync(path.join(file, name), 'utf8'));
  } catch (error) {
    console.error(`The report of the tests cannot be read: ${error}`);
    return nothing;
  }
}

/** @param {string} where @param {string} [message] */
function describeFailure(where, message = '') {
  const [reason = ''] = stripVTControlCharacters(message).trim().split('\n');
  return reason ? `${where}: ${reason}` : where;
}

/** @type {ReadReport} */
export function readVitest(text) {
  const report = JSON.parse(text);
  /** @type {{ name: string, status: string, message: string, assertionResults: VitestResult[] }[]} */
  const files = report.testResults;
  const brokenFiles = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = files.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) =>
        describeFailure(`${path.basename(name)} › ${fullName}`, failureMessages[0]),
      ),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [
      ...brokenFiles.map(({ name, message }) => describeFailure(path.basename(name), message)),
      ...failed,
    ],
  };
}

/** @type {ReadReport} */
export function readPlaywright(text) {
  /** @type {{ stats: { expected: number, flaky: number, unexpected: number, skipped: number }, errors: { message?: string }[], suites: PlaywrightSuite[] }} */
  const { stats, errors, suites } = JSON.parse(text);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
    failures: [
      ...errors.map(({ message }) => describeFailure('e2e', message)),
      ...suites.flatMap(listFailures),
    ],
  };
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {string[]}
 */
function listFailures({ specs, suites = [] }) {
  const own = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ projectName, results }) =>
        describeFailure(
          `[${projectName}] ${file}:${line} › ${title}`,
          results.at(-1)?.errors[0]?.message,
        ),
      ),
  );
  return [...own, ...suites.flatMap(listFailures)];
}

/** @type {Record<string, string>} */
const advice = {
  'format:root':
    'Run "npm run format": it writes the files that are named above as they should be.',
};

/** @type {ReadReport} */
export function readTurbo(text) {
  /** @type {{ taskId: string, command: string, execution?: { exitCode: number } }[]} */
  const tasks = JSON.parse(text).tasks;
  const ran = tasks.filter(({ execution, command }) => execution && command !== '<NONEXISTENT>');
  const failed = ran.filter(({ execution }) => execution?.exitCode !== 0);
  const names = failed.map(({ taskId }) => taskId.replace('//#', ''));
  return {
    passed: ran.length - failed.length,
    failed: failed.length,
    skipped: 0,
    failures: names.map((name) => describeFailure(name, advice[name])),
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
    failures: [...text.matchAll(/^ *not ok \d+ - (.+)$/gm)].map(([, title = '']) => title),
  };
}
