import { articlePath, isMeteredPath, type Article } from '@latchkey/shared';
import type { FileAccess } from './site-file.ts';

/**
 * Who may have what is below `/blog/`: what has no rule of its own goes through the meter.
 *
 * @returns what finds it by the path; null for any other path
 */
export function createArticleAccess(articles: Article[]): (path: string) => FileAccess | null {
  const own = new Map<string, FileAccess>(
    articles.map(({ slug, isFree, access }) => [
      articlePath(slug),
      isFree ? 'public' : (access ?? 'metered'),
    ]),
  );
  return (path) => own.get(path) ?? (isMeteredPath(path) ? 'metered' : null);
}
