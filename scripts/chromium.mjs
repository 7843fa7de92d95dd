// @ts-check
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { canInstallWithApt, installWithApt } from './apt.mjs';
import { listCandidates, runs } from './executables.mjs';
import { runQuietly } from './run-quietly.mjs';
import { SetUpError, explainFailures } from './set-up-error.mjs';
import { root, tool, toolEnvironment } from './workspace.mjs';

const downloadTimeoutSeconds = 600;

/**
 * Finds a Chromium that runs, or installs one.
 *
 * @returns {Promise<string>} path of its executable
 */
export async function findOrInstallChromium(label = 'Chromium') {
  const named = process.env['CHROMIUM_PATH'];
  if (named && !runs(named)) {
    throw new SetUpError(
      `CHROMIUM_PATH names ${named}, which does not run. Correct it, or unset it to search for a browser.`,
    );
  }
  return named || findInstalled() || (await install(label));
}

function findInstalled() {
  return [playwrightsOwn(), ...systemCandidates()].find(
    (candidate) => candidate && runs(candidate),
  );
}

function playwrightsOwn() {
  try {
    const require = createRequire(path.join(root, 'e2e/package.json'));
    return String(require('@playwright/test').chromium.executablePath());
  } catch {
    return undefined;
  }
}

function systemCandidates() {
  if (process.platform === 'darwin') {
    return ['/Applications', path.join(process.env['HOME'] ?? '', 'Applications')].flatMap(
      (folder) => [
        `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
        `${folder}/Chromium.app/Contents/MacOS/Chromium`,
      ],
    );
  }
  return listCandidates(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
}

/** @param {string} label */
async function install(label) {
  // Where Debian's packages can be installed that is tried first: a download that is
  // blocked may hang, and Playwright's Chromium alone would still lack its libraries.
  const ways = canInstallWithApt() ? [installPackages, download] : [download];
  let output = '';
  for (const way of ways) {
    const result = await way(label);
    const found = findInstalled();
    if (found) return found;
    output = `${output}${result.output}\n`;
  }
  throw new SetUpError(
    'No Chromium for the tests was found and none could be installed. Install Chromium or Google Chrome ' +
      '(Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to one, then run this again.',
    output,
  );
}

/** @param {string} label */
function installPackages(label) {
  return installWithApt(label, ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji']);
}

/** @param {string} label */
function download(label) {
  return runQuietly({
    title: `${label}: downloading (about 200 MB)…`,
    command: [tool('playwright'), 'install', 'chromium'],
    cwd: root,
    env: toolEnvironment(),
    timeoutSeconds: downloadTimeoutSeconds,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await explainFailures(async () => console.log(await findOrInstallChromium()));
}
