// @ts-check
import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** @type {[pattern: RegExp, explain: () => string][]} */
const knownFailures = [
  [/gyp ERR!|not found: make/, () => `Compiling sqlite3 failed. ${sqliteAdvice()}`],
  [
    /can only install packages when your package\.json and|can only install with an existing/,
    () =>
      'package.json and package-lock.json do not match. Restore them with git, or run `npm install` if you changed the dependencies.',
  ],
  [
    /EINTEGRITY/,
    () =>
      'A package does not match its checksum in package-lock.json. Run `npm cache verify` and try again. If it fails again, do not use that registry.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i,
    () =>
      'The npm registry cannot be reached. Check the network, and the proxy and registry settings of npm. Then run this again.',
  ],
  [
    /EROFS/,
    () =>
      'This folder is on a disk that can only be read. Move the project to one that can be written.',
  ],
  [/ENOSPC|EDQUOT/, () => 'The disk is full. Free about 2 GB and run this again.'],
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
    : 'Installing the packages failed. The output above says why. Correct it and run this again.';
}

export function sqliteAdvice() {
  const isRoot = process.getuid?.() === 0;
  const missing = missingBuildTools();
  if (missing.length === 0) return 'The output above says why.';
  const remedy =
    process.platform === 'darwin'
      ? 'Run `xcode-select --install`. Then run this again.'
      : `Run \`${isRoot ? '' : 'sudo '}apt-get install -y python3 make g++\` (or the same packages of your system). Then run this again.`;
  return `It is compiled on this machine. Missing programs: ${missing.join(', ')}. ${remedy}`;
}

function missingBuildTools() {
  return [
    'python3',
    'make',
    process.env['CXX'] || (process.platform === 'darwin' ? 'c++' : 'g++'),
  ].filter((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status !== 0);
}
