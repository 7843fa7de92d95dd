// @ts-check
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const pinnedNode = path.join(root, 'node_modules/node/bin/node');

const everyTool = {
  ASTRO_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  // Node keeps what it compiled, so that the next start need not compile it again.
  NODE_COMPILE_CACHE: path.join(root, '.cache/compiled'),
};
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
    ...everyTool,
    ...more,
  };
}

/** What programs need of the environment, and nothing that Latchkey, Vite or Node would obey. */
const neutral =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|LANG|LC_\w+|XDG_\w+|CI|\w+_proxy|SSL_CERT_\w+|NODE_EXTRA_CA_CERTS|npm_config_\w+|PLAYWRIGHT_\w+|(CHROMIUM|NGINX)_PATH)$/i;

/**
 * The environment of what tests run: no setting of whoever runs them, neither from the environment nor
 * from a file `.env`.
 *
 * @param {NodeJS.ProcessEnv} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(more) {
  const given = Object.entries(toolEnvironment()).filter(([name]) => neutral.test(name));
  return { ...everyTool, ...Object.fromEntries(given), LATCHKEY_ENV_FILE: '', ...more };
}

/** @param {string} name */
export function tool(name) {
  return path.join(binFolder, name);
}
