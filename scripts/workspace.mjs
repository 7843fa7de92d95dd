// @ts-check
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const pinnedNode = path.join(root, 'node_modules/node/bin/node');

const binFolder = path.join(root, 'node_modules/.bin');

/**
 * The environment every tool of the project runs in: the pinned Node first, nobody told about it.
 *
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(more) {
  return {
    ...process.env,
    PATH: [binFolder, process.env['PATH']].join(path.delimiter),
    ASTRO_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    ...more,
  };
}

/** @param {string} name */
export function tool(name) {
  return path.join(binFolder, name);
}
