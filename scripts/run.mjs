// @ts-check
import process from 'node:process';

import { runChildren } from './children.mjs';
import { findOrInstallChromium } from './chromium.mjs';
import { explainFailures } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { root, toolEnvironment } from './workspace.mjs';

// usage: node scripts/run.mjs [--chromium] COMMAND ARGUMENT…
// Sets up what is missing, then runs the command with the pinned Node and the project's tools on its path.
const needsChromium = process.argv[2] === '--chromium';
const command = process.argv.slice(needsChromium ? 3 : 2);

// What the command writes may be data for another program: set-up speaks beside it.
process.stdout.write = process.stderr.write.bind(process.stderr);

process.exitCode = await explainFailures(async () => {
  await setUp('Set-up:');
  const browser = needsChromium ? { CHROMIUM_PATH: await findOrInstallChromium() } : {};
  const env = toolEnvironment(browser);
  process.env['PATH'] = env['PATH'];
  return runChildren([{ command, cwd: root, env }]);
});
