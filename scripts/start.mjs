// @ts-check
import process from 'node:process';

import './end-with-npm.mjs';
import { build } from './build.mjs';
import { runChildren } from './children.mjs';
import { explainFailures } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { pinnedNode, root, toolEnvironment } from './workspace.mjs';

process.exitCode = await explainFailures(async () => {
  await setUp('[1/3]');
  await build('[2/3]');
  console.log('[3/3] Starting the server…');
  const command = [pinnedNode, '--import', './scripts/end-with-parent.mjs', 'apps/api/src/main.ts'];
  return runChildren([{ command, cwd: root, env: toolEnvironment() }]);
});
