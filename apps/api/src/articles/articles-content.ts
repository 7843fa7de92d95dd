import { ARTICLES_PATH, articlesContent, type ArticlesContent } from '@latchkey/shared';
import type { Site } from '../site/site-file.ts';

/** The articles as the site's build left them for the server. */
export async function readArticles(site: Site): Promise<ArticlesContent['items']> {
  return articlesContent.parse(JSON.parse(await site.readText(ARTICLES_PATH))).items;
}
