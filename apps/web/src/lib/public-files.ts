import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Whether the site has a file in its folder `public`: icons and pictures are the owner's to leave out.
 *
 * @param path such as `/favicon.ico`
 */
export function hasPublicFile(path: string): boolean {
  return existsSync(join(process.cwd(), 'public', path));
}
