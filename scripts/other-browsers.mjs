// @ts-check
import { existsSync } from 'node:fs';
import process from 'node:process';

import { canInstallWithApt, installWithApt } from './apt.mjs';
import { listCandidates, runs } from './executables.mjs';
import { SetUpError } from './set-up-error.mjs';

/** @typedef {{ firefox: string, webkit: string }} OtherBrowsers paths of Firefox and of WebKitWebDriver; empty: it is not here */

/**
 * @typedef {object} Engine
 * @property {string} variable
 * @property {string[]} packages Debian's
 * @property {() => string | undefined} find
 * @property {(executable: string) => boolean} isUsable
 */

const screen = () => listCandidates(['Xvfb']).some((file) => existsSync(file));

/** @type {Record<'firefox' | 'webkit', Engine>} */
const engines = {
  firefox: {
    variable: 'FIREFOX_PATH',
    packages: ['firefox-esr'],
    isUsable: (executable) => runs(executable),
    find: () =>
      listCandidates(['firefox-esr', 'firefox'], ['/Applications/Firefox.app/Contents/MacOS']).find(
        (file) => runs(file),
      ),
  },
  webkit: {
    variable: 'WEBKIT_DRIVER_PATH',
    packages: ['webkit2gtk-driver', 'xvfb'],
    // It answers to no --version.
    isUsable: (executable) => existsSync(executable) && screen(),
    find: () => listCandidates(['WebKitWebDriver']).find((file) => existsSync(file) && screen()),
  },
};

/**
 * Finds Firefox and WebKit, or installs them where apt-get can.
 *
 * @param {string} [label]
 * @returns {Promise<OtherBrowsers>}
 */
export async function findOrInstallOtherBrowsers(label = 'Other browsers') {
  const firefox = await findOrInstall(label, engines.firefox);
  const webkit = await findOrInstall(label, engines.webkit);
  const whySkipped = explainMissing({ firefox, webkit });
  if (whySkipped) console.log(`${label}: ${whySkipped}`);
  return { firefox, webkit };
}

/**
 * @param {string} label
 * @param {Engine} engine
 * @returns {Promise<string>}
 */
async function findOrInstall(label, { variable, packages, find, isUsable }) {
  const named = process.env[variable];
  if (named && !isUsable(named)) {
    throw new SetUpError(
      `${variable} names ${named}, which does not run. Correct it, or unset it to search for one.`,
    );
  }
  if (named) return named;
  const found = find();
  if (found || !canInstallWithApt()) return found ?? '';
  await installWithApt(label, packages);
  return find() ?? '';
}

/**
 * What to say where one of them is missing; empty where both are here.
 *
 * @param {OtherBrowsers} browsers
 */
export function explainMissing({ firefox, webkit }) {
  const missing = [!firefox && 'Firefox', !webkit && 'WebKit'].filter(Boolean).join(' and ');
  return (
    missing &&
    `No ${missing} was found and none could be installed, so its journeys are skipped. ` +
      'On Debian, install firefox-esr, webkit2gtk-driver and xvfb to run them.'
  );
}
