import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(
  new URL('../../../../node_modules/.cache/latchkey-compiled', import.meta.url),
);

/**
 * Has Node keep what it compiles from now on, for the next start. Node takes a kept file only for the
 * very same text, and does without where the folder cannot be written.
 *
 * @see https://nodejs.org/api/module.html#module-compile-cache
 */
export function keepCompiled(): void {
  enableCompileCache(folder);
}
