// @ts-check
import process from 'node:process';

import { bringPrograms } from './bring-programs.mjs';
import { runChildren } from './children.mjs';
import { withLock } from './lock.mjs';
import { programs } from './programs.mjs';
import { explainFailures } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { readBuildSettings } from './settings.mjs';
import { root, toolEnvironment } from './workspace.mjs';

// usage: node scripts/run.mjs [--chromium] [--nginx] [--caddy] [--hugo] [--firefox] [--webkit] [--settings] COMMAND ARGUMENT…
// Sets up what is missing, then runs the command with the pinned Node and the project's tools on its path.
const words = process.argv.slice(2);
const flags = words.splice(
  0,
  words.findIndex((word) => !word.startsWith('--')),
);
const needsSettings = flags.includes('--settings');
const names = /** @type {import('./programs.mjs').ProgramName[]} */ (Object.keys(programs));
const needed = names.filter((name) => flags.includes(`--${name}`));

// What the command writes may be data for another program: set-up speaks beside it.
process.stdout.write = process.stderr.write.bind(process.stderr);

process.exitCode = await explainFailures(async () => {
  await setUp('Set-up:');
  const paths = await bringPrograms(needed, 'Set-up:');
  const settings = needsSettings ? readBuildSettings({ tellsWarnings: true }) : {};
  const env = toolEnvironment({ ...paths, ...settings });
  process.env['PATH'] = env['PATH'];
  const run = () => runChildren([{ command: words, cwd: root, env }]);
  // Two builds would write into the same folder.
  return needsSettings ? withLock('set-up', run) : run();
});
