// @ts-check
import process from 'node:process';

import './end-with-npm.mjs';
import { demandProgram } from './bring-programs.mjs';
import { build } from './build.mjs';
import { runChildren } from './children.mjs';
import { explainFailures, SetUpError } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { pinnedNode, root, toolEnvironment } from './workspace.mjs';

// usage: npm run cluster [-- COUNT]
const defaultCount = 3;
/** PostgreSQL has connections for so many. */
const highestCount = 16;

process.exitCode = await explainFailures(async () => {
  const count = readCount(process.argv.slice(2));
  await setUp('[1/4]');
  const nginx = await demandProgram('nginx', '[2/4]');
  await build('[3/4]');
  console.log(`[4/4] Starting PostgreSQL, ${count} server processes and nginx…`);
  const preload = ['--import', './scripts/end-with-parent.mjs'];
  const command = [pinnedNode, ...preload, 'scripts/cluster/main.ts', String(count)];
  return runChildren([{ command, cwd: root, env: toolEnvironment({ NGINX_PATH: nginx }) }]);
});

/** @param {string[]} words */
function readCount([word = String(defaultCount), ...others]) {
  const count = Number(word);
  if (others.length === 0 && /^\d+$/.test(word) && count >= 1 && count <= highestCount)
    return count;
  throw new SetUpError(
    `npm run cluster takes one number, how many server processes to start: from 1 to ${highestCount}, such as npm run cluster -- ${defaultCount}.`,
  );
}
