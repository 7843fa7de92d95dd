// @ts-check
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
  if (!ok) throw new SetUpError('Building the site failed; the output above says why.', output);
}
