// @ts-check
import { stripVTControlCharacters } from 'node:util';

import { withLock } from './lock.mjs';
import { runQuietly } from './run-quietly.mjs';
import { SetUpError } from './set-up-error.mjs';
import { readBuildSettings } from './settings.mjs';
import { root, tool, toolEnvironment } from './workspace.mjs';

/** @param {string} label shown before each line, such as `[2/3]` */
export async function build(label) {
  const settings = readBuildSettings();
  const { ok, output } = await withLock('set-up', () =>
    runQuietly({
      title: `${label} Building the site…`,
      command: [tool('turbo'), 'run', 'build', '--output-logs=new-only'],
      cwd: root,
      env: toolEnvironment(settings),
    }),
  );
  const warnings = findWarnings(output);
  if (ok && warnings) console.log(warnings);
  if (!ok) throw new SetUpError('Building the site failed. The output above says why.', output);
}

/**
 * What the build has to say of a site that it built all the same: each from its mark to the next line
 * that has a time.
 *
 * @param {string} output
 */
function findWarnings(output) {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.replace(/^@latchkey\/\w+:build: /, ''));
  let isWarning = false;
  const kept = lines.filter((line) => {
    if (/^\d\d:\d\d:\d\d /.test(line)) isWarning = line.includes('[WARN]');
    return isWarning && line.trim();
  });
  return kept.map((line) => `  ${line.replace(/^\S+ \[WARN\] /, '')}`).join('\n');
}
