import { ARTICLES_PATH, articlesContent, type ArticlesContent } from '@latchkey/shared';
import type { Site } from '../pages/site-file.ts';

/** The articles as the site's build left them for the server, or null where it has no blog. */
export async function findArticles(site: Site): Promise<ArticlesContent['items'] | null> {
  const text = await site.readText(ARTICLES_PATH);
  return text === null ? null : articlesContent.parse(JSON.parse(text)).items;
}

/** The same; none where the site has no blog. */
export async function readArticles(site: Site): Promise<ArticlesContent['items']> {
  return (await findArticles(site)) ?? [];
}
