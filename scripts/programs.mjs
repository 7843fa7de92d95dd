// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

import { fetchWithApt, fetchedProgram, installWithApt } from './apt.mjs';
import { listCandidates, runs } from './executables.mjs';
import { runQuietly } from './run-quietly.mjs';
import { root, tool, toolEnvironment } from './workspace.mjs';

/** @typedef {'chromium' | 'nginx' | 'caddy' | 'pgbouncer' | 'hugo' | 'firefox' | 'webkit'} ProgramName */

/**
 * @typedef {object} Program what tests run beside the server
 * @property {string} title
 * @property {string} variable of the environment, which may name one
 * @property {() => string[]} list where one may be
 * @property {(executable: string) => boolean} isUsable
 * @property {((label: string) => Promise<string>)[]} ways to bring one, which give what they printed
 * @property {string} missing what to tell where there is none
 */

const downloadTimeoutSeconds = 600;
const serverFolders = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
const isMac = process.platform === 'darwin';

/** @type {Record<ProgramName, Program>} */
export const programs = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    list: () => [...playwrightsOwn(), ...installedChromiums()],
    isUsable: (executable) => runs(executable),
    // Debian's packages first: a download that is blocked may hang, and Playwright's Chromium alone
    // would still lack its libraries.
    ways: [install('chromium', 'fonts-liberation', 'fonts-noto-color-emoji'), downloadChromium],
    missing:
      'No Chromium for the tests was found and none could be installed. Install Chromium or Google Chrome ' +
      '(Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to one, then run this again.',
  },
  nginx: {
    title: 'nginx',
    variable: 'NGINX_PATH',
    list: () => [...listCandidates(['nginx'], serverFolders), fetchedProgram('nginx')],
    // One that is too old does not know -e, which the tests need.
    isUsable: (executable) => runs(executable, ['-e', 'stderr', '-v']),
    ways: [(label) => fetchWithApt(label, 'nginx')],
    missing:
      'No nginx was found and none could be fetched, so the tests of a shared cache and of several processes are skipped. ' +
      'Install nginx, or set NGINX_PATH to one, to run them.',
  },
  caddy: {
    title: 'Caddy',
    variable: 'CADDY_PATH',
    list: () => [...listCandidates(['caddy'], serverFolders), fetchedProgram('caddy')],
    isUsable: (executable) => runs(executable, ['version']),
    ways: [(label) => fetchWithApt(label, 'caddy')],
    missing:
      'No Caddy was found and none could be fetched, so the tests of its sample are skipped. ' +
      'Install caddy, or set CADDY_PATH to one, to run them.',
  },
  pgbouncer: {
    title: 'PgBouncer',
    variable: 'PGBOUNCER_PATH',
    list: () => [...listCandidates(['pgbouncer'], serverFolders), fetchedProgram('pgbouncer')],
    isUsable: (executable) => runs(executable),
    ways: [(label) => fetchWithApt(label, 'pgbouncer')],
    missing:
      'No PgBouncer was found and none could be fetched, so its tests are skipped. ' +
      'Install pgbouncer, or set PGBOUNCER_PATH to one, to run them.',
  },
  hugo: {
    title: 'Hugo',
    variable: 'HUGO_PATH',
    list: () => [...listCandidates(['hugo'], serverFolders), fetchedProgram('hugo')],
    isUsable: (executable) => runs(executable, ['version']),
    ways: [(label) => fetchWithApt(label, 'hugo')],
    missing:
      'No Hugo was found and none could be fetched, so the tests of a site that it builds are skipped. ' +
      'Install hugo, or set HUGO_PATH to one, to run them.',
  },
  firefox: {
    title: 'Firefox',
    variable: 'FIREFOX_PATH',
    list: () =>
      listCandidates(['firefox-esr', 'firefox'], ['/Applications/Firefox.app/Contents/MacOS']),
    isUsable: (executable) => runs(executable),
    ways: [install('firefox-esr')],
    missing:
      'No Firefox was found and none could be installed, so its journeys are skipped. ' +
      'On Debian, install firefox-esr to run them.',
  },
  webkit: {
    title: 'WebKit',
    variable: 'WEBKIT_DRIVER_PATH',
    list: () => listCandidates(['WebKitWebDriver']),
    // It answers to no --version, and draws on a screen.
    isUsable: (executable) => existsSync(executable) && listCandidates(['Xvfb']).some(existsSync),
    ways: [install('webkit2gtk-driver', 'xvfb')],
    missing:
      'No WebKit was found and none could be installed, so its journeys are skipped. ' +
      'On Debian, install webkit2gtk-driver and xvfb to run them.',
  },
};

/** @param {string[]} packages Debian's */
function install(...packages) {
  return (/** @type {string} */ label) => installWithApt(label, packages);
}

function playwrightsOwn() {
  try {
    const require = createRequire(path.join(root, 'e2e/package.json'));
    return [String(require('@playwright/test').chromium.executablePath())];
  } catch {
    return [];
  }
}

function installedChromiums() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  if (!isMac) return listCandidates(names);
  return ['/Applications', path.join(process.env['HOME'] ?? '', 'Applications')].flatMap((folder) =>
    ['Google Chrome', 'Chromium'].map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
  );
}

/** @param {string} label */
async function downloadChromium(label) {
  const { output } = await runQuietly({
    title: `${label}: downloading (about 200 MB)…`,
    command: [tool('playwright'), 'install', 'chromium'],
    cwd: root,
    env: toolEnvironment(),
    timeoutSeconds: downloadTimeoutSeconds,
  });
  return output;
}
