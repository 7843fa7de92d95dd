import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const reader = fileURLToPath(new URL('../../../api/src/print-settings.ts', import.meta.url));

/**
 * The site's address as people see it: PUBLIC_URL as the server reads it, from the environment or the
 * file of settings. Undefined when it is not set. Throws an Error that names every fault.
 */
export function readPublicOrigin(env: NodeJS.ProcessEnv): string | undefined {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [reader], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr.trim() || String(error));
  return stdout.trim() || undefined;
}
