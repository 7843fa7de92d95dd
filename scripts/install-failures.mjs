// @ts-check
import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** @type {[pattern: RegExp, explain: () => string][]} */
const knownFailures = [
  [/gyp ERR!|not found: make/, () => `Compiling sqlite3 failed. ${sqliteAdvice()}`],
  [
    /can only install packages when your package\.json and|can only install with an existing/,
    () =>
      'package.json and package-lock.json do not agree. Bring them back with git, or run `npm install` if you changed the dependencies.',
  ],
  [
    /EINTEGRITY/,
    () =>
      'A package does not have the checksum that package-lock.json names. Run `npm cache verify` and try again; if it stays, do not use that registry.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    () =>
      'The npm registry cannot be reached. Check the network, or the proxy and registry that npm is set to, and run this again.',
  ],
  [/ENOSPC/, () => 'The disk is full. Free about 2 GB and run this again.'],
  [
    /EACCES|EPERM/,
    () => 'A file could not be written. Check who owns this folder and run this again.',
  ],
];

/** @param {string} output of `npm ci` */
export function explainInstallFailure(output) {
  const known = knownFailures.find(([pattern]) => pattern.test(output));
  return known
    ? `Installing the packages failed. ${known[1]()}`
    : 'Installing the packages failed; npm says why above. Correct it and run this again.';
}

export function sqliteAdvice() {
  const isRoot = process.getuid?.() === 0;
  const missing = missingBuildTools();
  if (missing.length === 0) return 'The output above says why.';
  const remedy =
    process.platform === 'darwin'
      ? 'Run `xcode-select --install`, then this again.'
      : `Run \`${isRoot ? '' : 'sudo '}apt-get install -y python3 make g++\` (or what your system calls them), then this again.`;
  return `It is compiled on this machine, which lacks ${missing.join(', ')}. ${remedy}`;
}

function missingBuildTools() {
  return [
    'python3',
    'make',
    process.env['CXX'] || (process.platform === 'darwin' ? 'c++' : 'g++'),
  ].filter((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status !== 0);
}
