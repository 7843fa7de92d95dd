import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * The name of a file below the downloads' folder, or null when there is none: nothing leads out of
 * the folder, neither dots nor symbolic links, and what starts with a dot is not for download.
 *
 * @param path a decoded path below `/download/`, without empty or dot segments
 */
export async function findDownload(folder: string, path: string): Promise<string | null> {
  const segments = path.split('/');
  if (segments.some((segment) => segment.startsWith('.') || segment.includes(sep))) return null;
  try {
    const root = await realpath(folder);
    const wanted = join(root, ...segments);
    const isPlainFile = (await realpath(wanted)) === wanted && (await stat(wanted)).isFile();
    return isPlainFile ? segments.join('/') : null;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}
