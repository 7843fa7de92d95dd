// @ts-check
import path from 'node:path';
import process from 'node:process';

import './end-with-npm.mjs';
import { runChildren } from './children.mjs';
import { findFreePort } from './ports.mjs';
import { explainFailures, SetUpError } from './set-up-error.mjs';
import { setUp } from './set-up.mjs';
import { readBuildSettings } from './settings.mjs';
import { pinnedNode, root, tool, toolEnvironment } from './workspace.mjs';

// usage: npm run dev [-- --mail]
const host = '127.0.0.1';

process.exitCode = await explainFailures(async () => {
  const mail = readMail(process.argv.slice(2));
  await setUp('[1/2]');
  console.log('[2/2] Starting the server and, behind it, the site…');
  const settings = readBuildSettings();
  const port = await findFreePort();
  const preload = ['--import', './scripts/end-with-parent.mjs'];
  const api = [
    pinnedNode,
    '--watch',
    '--watch-preserve-output',
    ...preload,
    'apps/api/src/main.ts',
  ];
  return runChildren([
    {
      command: api,
      cwd: root,
      env: toolEnvironment({ LATCHKEY_DEV_SITE: `http://${host}:${port}`, ...mail }),
    },
    {
      command: [tool('astro'), 'dev', '--host', host, '--port', String(port)],
      cwd: path.join(root, 'apps/web'),
      env: toolEnvironment({ ...settings, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) }),
      prefix: 'site │ ',
      // There is no gate at Astro's own address.
      omit: /Local .*http:/,
    },
  ]);
});

/**
 * Whether mails are made, and shown at /dev/mail.
 *
 * @param {string[]} words
 */
function readMail(words) {
  if (words.length === 0) return {};
  if (words.join(' ') === '--mail') return { LATCHKEY_DEV_MAIL: 'true' };
  throw new SetUpError(
    'npm run dev takes one word, or none: npm run dev -- --mail shows the mails of the site at /dev/mail.',
  );
}
