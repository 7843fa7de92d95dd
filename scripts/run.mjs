// @ts-check
import process from 'node:process';

import { runChildren } from './children.mjs';
import { findOrInstallChromium } from './chromium.mjs';
import { withLock } from './lock.mjs';
import { findOrFetchNginx } from './nginx.mjs';
import { findOrInstallOtherBrowsers } from './other-browsers.mjs';
import { explainFailures } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { readBuildSettings } from './settings.mjs';
import { root, toolEnvironment } from './workspace.mjs';

// usage: node scripts/run.mjs [--chromium] [--nginx] [--other-browsers] [--settings] COMMAND ARGUMENT…
// Sets up what is missing, then runs the command with the pinned Node and the project's tools on its path.
const words = process.argv.slice(2);
const needsChromium = takes('--chromium');
const needsNginx = takes('--nginx');
const needsOtherBrowsers = takes('--other-browsers');
const needsSettings = takes('--settings');

/** @param {string} flag */
function takes(flag) {
  if (words[0] !== flag) return false;
  words.shift();
  return true;
}

// What the command writes may be data for another program: set-up speaks beside it.
process.stdout.write = process.stderr.write.bind(process.stderr);

process.exitCode = await explainFailures(async () => {
  await setUp('Set-up:');
  const browser = needsChromium ? { CHROMIUM_PATH: await findOrInstallChromium() } : {};
  const cache = needsNginx ? { NGINX_PATH: (await findOrFetchNginx()) ?? '' } : {};
  const { firefox, webkit } = needsOtherBrowsers
    ? await findOrInstallOtherBrowsers()
    : { firefox: '', webkit: '' };
  const others = { FIREFOX_PATH: firefox, WEBKIT_DRIVER_PATH: webkit };
  const settings = needsSettings ? readBuildSettings({ tellsWarnings: true }) : {};
  const env = toolEnvironment({ ...browser, ...cache, ...others, ...settings });
  process.env['PATH'] = env['PATH'];
  const run = () => runChildren([{ command: words, cwd: root, env }]);
  // Two builds would write into the same folder.
  return needsSettings ? withLock('set-up', run) : run();
});
