import { publicPaths } from '#site/public-paths';

// A name that macOS wrote has an `ü` as two characters, and the list that was typed has one.
const entries: string[] = publicPaths.map((entry) => entry.normalize('NFC'));

/**
 * Whether anybody may read this path.
 *
 * @param path a decoded, normalised path of the site: no query, no `..`, no trailing slash
 */
export function isPublicPath(path: string): boolean {
  const normal = path.normalize('NFC');
  return entries.some((entry) =>
    entry.endsWith('/*') ? normal.startsWith(entry.slice(0, -1)) : normal === entry,
  );
}
