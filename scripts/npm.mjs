// @ts-check
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { root } from './workspace.mjs';

const ownPackages = path.join(root, 'node_modules') + path.sep;

/** npm as it was started, but never run by a Node out of the node_modules it is about to replace. */
export function npmCommand() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('npm-cli.js') && !script.startsWith(ownPackages)
    ? [systemNode(), script]
    : ['npm'];
}

/** @returns {NodeJS.ProcessEnv} */
export function npmEnvironment() {
  return {
    ...process.env,
    PATH: outsidePath().join(path.delimiter),
    JOBS: 'max',
    ...nodeHeaders(),
  };
}

function outsidePath() {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => !`${folder}${path.sep}`.includes(`${path.sep}node_modules${path.sep}`));
}

function systemNode() {
  if (!realpathSync(process.execPath).startsWith(ownPackages)) return process.execPath;
  const candidates = outsidePath().map((folder) => path.join(folder, 'node'));
  return candidates.find(isExecutable) ?? 'node';
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// node-gyp would download the headers; where they came with Node it compiles without the internet too.
function nodeHeaders() {
  const prefix = path.dirname(path.dirname(realpathSync(systemNode())));
  const areThere = existsSync(path.join(prefix, 'include/node/node_api.h'));
  return areThere && !process.env['npm_config_nodedir'] ? { npm_config_nodedir: prefix } : {};
}
