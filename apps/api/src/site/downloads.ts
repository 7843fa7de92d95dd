import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

const ADDRESS = '/download/';
const noSuchFile = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/** Whether an address stands below the one of the downloads. */
export function isDownloadPath(path: string): boolean {
  return path.startsWith(ADDRESS);
}

/**
 * The name of the file of an address, below the downloads' folder, or null when there is none: nothing
 * leads out of the folder, neither dots nor symbolic links, and what starts with a dot is not for
 * download.
 *
 * @param path a decoded path
 */
export async function findDownload(folder: string, path: string): Promise<string | null> {
  if (!isDownloadPath(path)) return null;
  const segments = path.slice(ADDRESS.length).split('/');
  if (segments.some((segment) => /^(\.|$)/.test(segment) || segment.includes(sep))) return null;
  try {
    const root = await realpath(folder);
    const wanted = join(root, ...segments);
    const isPlainFile = (await realpath(wanted)) === wanted && (await stat(wanted)).isFile();
    return isPlainFile ? segments.join('/') : null;
  } catch (error) {
    if (noSuchFile.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
