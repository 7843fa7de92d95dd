import type { User } from '@latchkey/db';
import {
  ARTICLES_PATH,
  articlesContent,
  mayOpen,
  type Article,
  type ArticlesContent,
} from '@latchkey/shared';
import { currentRoles } from '../users/current-roles.ts';
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

/** Whether reading an article counts: it is not free for all, and no rule says whom it is for. */
export const isMetered = ({ isFree, access }: Article): boolean => !isFree && access === null;

/** Whether somebody may know of an article: of one with a rule of its own, only who may read it. */
export function mayFind({ isFree, access }: Article, user: User | null): boolean {
  return isFree || access === null || mayOpen(access, user && currentRoles(user));
}
