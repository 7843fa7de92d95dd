// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

import { explainMissing } from './bring-programs.mjs';
import { readPlaywright, readTap, readTurbo, readVitest } from './test-reports.mjs';
import { pinnedNode, root, tool } from './workspace.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[]} command
 * @property {string} [cwd]
 * @property {string} [needs] name of a check that must have passed
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [isOwners] it obeys the settings of whoever runs it; no other does
 * @property {{ file: string, read: import('./test-reports.mjs').ReadReport }} [report]
 *   a runner of tests writes one; any other check counts as one
 * @property {string} [whySkipped] told where some of its tests were
 */

/** Turborepo gives each of its reports a name of its own. */
export const summaries = '.turbo/runs';

/** @typedef {Record<string, string>} Programs paths of what the tests run beside the server, for the environment */

/**
 * Every check, in the order in which they run.
 *
 * @param {string} reportFolder
 * @param {Programs} programs
 * @returns {Check[]}
 */
export function listChecks(reportFolder, programs) {
  const turbo = [tool('turbo'), 'run', '--continue', '--output-logs=errors-only'];
  const vitest = workspacesWithTests().map((folder) => vitestIn(folder, reportFolder, programs));
  return [
    staticChecks(turbo),
    buildOf(turbo),
    nodeTestsOf('scripts', reportFolder),
    ...vitest,
    killedServer(),
    endToEnd(reportFolder, programs),
  ];
}

/**
 * Each uses one core, so they run side by side.
 *
 * @param {string[]} turbo
 * @returns {Check}
 */
function staticChecks(turbo) {
  const tasks = ['format:root', 'knip:root', 'lint', 'lint:root', 'typecheck', 'typecheck:root'];
  return {
    name: 'format, lint, types',
    command: [...turbo, '--summarize=true', ...tasks],
    report: { file: path.join(root, summaries), read: readTurbo },
  };
}

/** @returns {string[]} such as `apps/api` */
function workspacesWithTests() {
  return ['packages', 'apps']
    .flatMap((parent) =>
      readdirSync(path.join(root, parent)).map((name) => path.join(parent, name)),
    )
    .filter((folder) => {
      const manifest = readFileSync(path.join(root, folder, 'package.json'), 'utf8');
      return JSON.parse(manifest).scripts.test?.startsWith('vitest');
    });
}

/**
 * @param {string} folder
 * @param {string} reportFolder
 * @param {Programs} programs
 * @returns {Check}
 */
function vitestIn(folder, reportFolder, programs) {
  const whySkipped = explainMissing(programs, ['pgbouncer']);
  const file = path.join(reportFolder, `${folder.replaceAll(path.sep, '-')}.json`);
  return {
    name: `test ${folder}`,
    command: [
      tool('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    cwd: folder,
    env: programs,
    report: { file, read: readVitest },
    ...(whySkipped && { whySkipped }),
  };
}

/**
 * @param {string} folder
 * @param {string} reportFolder
 * @returns {Check}
 */
function nodeTestsOf(folder, reportFolder) {
  const file = path.join(reportFolder, `${folder}.tap`);
  const reporters = [
    ['--test-reporter=dot', '--test-reporter-destination=stdout'],
    ['--test-reporter=tap', `--test-reporter-destination=${file}`],
  ];
  return {
    name: `test ${folder}`,
    // Each file has a copy of the project or a lock of its own. Node's default leaves one core of two idle.
    command: [
      pinnedNode,
      '--test',
      `--test-concurrency=${availableParallelism()}`,
      ...reporters.flat(),
      `${folder}/**/*.test.mjs`,
    ],
    report: { file, read: readTap },
    whySkipped: 'There is no docker-compose here, so the Compose files were not read.',
  };
}

/**
 * The owner's site with the owner's settings, as `npm run build` builds it.
 *
 * @param {string[]} turbo
 * @returns {Check}
 */
function buildOf(turbo) {
  const command = [pinnedNode, 'scripts/run.mjs', '--settings', ...turbo, 'build'];
  return { name: 'build', command, isOwners: true };
}

/** @returns {Check} */
function killedServer() {
  return {
    name: 'kill -9',
    needs: 'build',
    command: [pinnedNode, 'bench/faults/kill-during-registrations.ts', '60'],
    env: { PASSWORD_SCRYPT_LOG2N: '12', DATABASE_URL: '' },
  };
}

/**
 * @param {string} reportFolder
 * @param {Programs} programs
 * @returns {Check}
 */
function endToEnd(reportFolder, programs) {
  const file = path.join(reportFolder, 'e2e.json');
  const whySkipped = explainMissing(programs, ['nginx', 'caddy', 'hugo', 'firefox', 'webkit']);
  return {
    name: 'e2e',
    needs: 'build',
    command: [
      pinnedNode,
      '../packages/db/src/testing/with-postgres.ts',
      tool('playwright'),
      'test',
      '--reporter=list,json,html',
    ],
    cwd: 'e2e',
    env: {
      ...programs,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      PLAYWRIGHT_HTML_OPEN: 'never',
    },
    report: { file, read: readPlaywright },
    ...(whySkipped && { whySkipped }),
  };
}
