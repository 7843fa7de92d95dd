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
  const name = path.slice(ADDRESS.length);
  // macOS writes an `ü` of a name as two characters, where an address that was typed has one.
  for (const spelling of new Set([name, name.normalize('NFC'), name.normalize('NFD')])) {
    if (await isDownload(folder, spelling)) return spelling;
  }
  return null;
}

async function isDownload(folder: string, name: string): Promise<boolean> {
  const segments = name.split('/');
  if (segments.some((segment) => /^(\.|$)/.test(segment) || segment.includes(sep))) return false;
  try {
    const root = await realpath(folder);
    const wanted = join(root, ...segments);
    return (await realpath(wanted)) === wanted && (await stat(wanted)).isFile();
  } catch (error) {
    if (noSuchFile.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
