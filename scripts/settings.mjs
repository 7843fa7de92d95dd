// @ts-check
import { spawnSync } from 'node:child_process';

import { describeLinkedFiles } from './linked-files.mjs';
import { SetUpError } from './set-up-error.mjs';
import { pinnedNode, root, toolEnvironment } from './workspace.mjs';

/**
 * Has the settings read by the server's own reader, so that their faults are told before the work
 * begins.
 *
 * @param {{ tellsWarnings?: boolean }} [options] where no server starts afterwards and tells them itself
 * @returns {{ PUBLIC_URL: string, LINKED_FILES: string }} what the build takes of them, and of what lies behind links
 * @throws {SetUpError} naming every fault
 */
export function readBuildSettings({ tellsWarnings = false } = {}) {
  const reader = spawnSync(pinnedNode, ['apps/api/src/print-settings.ts'], {
    cwd: root,
    env: toolEnvironment(),
    encoding: 'utf8',
  });
  if (reader.status !== 0) throw new SetUpError(reader.stderr.trim() || String(reader.error));
  if (tellsWarnings) process.stderr.write(reader.stderr);
  return { PUBLIC_URL: reader.stdout.trim(), LINKED_FILES: describeLinkedFiles() };
}
