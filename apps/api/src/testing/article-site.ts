import type { Article } from '@latchkey/shared';
import { readBuiltSite } from '../pages/built-site.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** An article as the build leaves it for the server. */
export function makeArticle(changes: Partial<Article> & { slug: string }): Article {
  const { slug } = changes;
  return {
    ...{ title: `Title of ${slug}`, summary: `Summary of ${slug}`, date: '2026-11-21' },
    ...{ leadHtml: `<p>Lead of ${slug}</p>`, restHtml: `<p>Rest of ${slug}</p>` },
    ...{ isFree: false, access: changes.isFree ? 'public' : null },
    ...{ aliases: [], file: `src/content/blog/${slug}.md` },
    ...changes,
  };
}

const page = (text: string) =>
  `<html data-session="out" data-registration="open"><title>T</title><h1>${text}</h1></html>`;

/** A built site with these articles, and more files by their names. */
export async function createArticleSite(
  articles: Article[],
  files: Record<string, string | Buffer> = {},
) {
  const pages = articles.flatMap(({ slug, leadHtml, restHtml, access }) => [
    [`blog/${slug}.html`, page(leadHtml + restHtml)],
    ...(access === null ? [[`blog/${slug}/lead-in.html`, page(leadHtml)]] : []),
  ]);
  const folder = await createTemporaryFolder({
    'index.html': page('Home'),
    'blog.html': page('Blog'),
    'login.html': page('Log in'),
    '404.html': page('Page not found'),
    'blog/articles.json': JSON.stringify({ items: articles }),
    ...(Object.fromEntries(pages) as Record<string, string>),
    ...files,
  });
  return { ...folder, site: readBuiltSite(folder.path) };
}
