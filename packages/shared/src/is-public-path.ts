import { publicPaths } from '#site/public-paths';

/**
 * Whether anybody may read this path.
 *
 * @param path a decoded, normalised path of the site: no query, no `..`, no trailing slash
 */
export function isPublicPath(path: string): boolean {
  return publicPaths.some((entry) =>
    entry.endsWith('/*') ? path.startsWith(entry.slice(0, -1)) : path === entry,
  );
}
