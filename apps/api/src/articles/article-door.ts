import { readArticleSlug } from '@latchkey/shared';
import type { Door } from '../pages/door.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { serveArticle } from './serve-article.ts';

/** The metered articles. One that is free for all, or has a rule of its own, is a page like any other. */
export function createArticleDoor(deps: ServerDeps): Door {
  return {
    matches: (path) => readArticleSlug(path) !== null,
    async serve({ request, reply, wanted }) {
      const slug = readArticleSlug(wanted.path);
      const file = await deps.site.find(wanted);
      const isPage = file?.kind === 'page' && file.path === wanted.path;
      if (slug === null || !isPage || file.access !== 'metered') return false;
      await serveArticle(deps, request, reply, { page: file, slug });
      return true;
    },
  };
}
