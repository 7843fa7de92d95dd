/**
 * Articles are metered: everybody may read some, and nobody's copy may be kept. Everything below
 * `/blog/` belongs to them; what is there besides the articles themselves has no address.
 */
import * as z from 'zod/mini';
import { accessValue, findRule, type Access } from './access.ts';

const BLOG = '/blog/';
const articleAddress = /^\/blog\/([^/]+)$/;

/** Within so many days an article counts once, however often it is read. */
export const READS_WINDOW_DAYS = 30;
/** Whoever has this role reads every article. */
export const UNLIMITED_READER_ROLE = 'member';

/** What the site's build knows of the articles, newest first. */
export const articlesContent = z.object({
  items: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      summary: z.string(),
      /** The day it came out, such as 2026-11-21. */
      date: z.string(),
      /** Up to the mark `<!-- more -->`, rendered: this may stand in public. */
      leadHtml: z.string(),
      /** What follows it: this may not, unless the article is free for all. */
      restHtml: z.string(),
      /** Anybody may read all of it, and it is not counted. */
      isFree: z.boolean(),
      /** Who may read it, where it does not go through the meter; null where it does. */
      access: z._default(z.nullable(accessValue), null),
      /** Its former addresses, the oldest first: paths of this site. */
      aliases: z.array(z.string()),
      /** Where it is written, such as `src/content/blog/my-article.md`. */
      file: z.string(),
    }),
  ),
});
export type ArticlesContent = z.infer<typeof articlesContent>;
export type Article = ArticlesContent['items'][number];

/** Where the build puts it. */
export const ARTICLES_PATH = '/blog/articles.json';

/** The address of an article, not encoded. */
export function articlePath(slug: string): string {
  return `${BLOG}${slug}`;
}

/** Where the build puts the page that is sent in the place of an article. */
export function leadInPath(slug: string): string {
  return `${articlePath(slug)}/lead-in`;
}

/**
 * What the rules say of an article, or null where it goes through the meter: a rule that is not about the
 * articles has no say.
 */
export function findArticleAccess(slug: string): Access | null {
  const rule = findRule(articlePath(slug));
  return rule?.key.startsWith(BLOG) ? rule.access : null;
}

/** Whether a path belongs to the articles, and only rules below `/blog/` have a say. */
export function isMeteredPath(path: string): boolean {
  return path.startsWith(BLOG);
}

/** The article that an address stands for, not encoded, whether there is one or not, or null for any other address. */
export function readArticleSlug(path: string): string | null {
  return path === ARTICLES_PATH ? null : (articleAddress.exec(path)?.[1] ?? null);
}

/** What the outside may know of an article before it is read. */
export type ArticleSummary = Pick<Article, 'slug' | 'title' | 'summary' | 'date'>;

/** How somebody stands with the meter. `allowed` is null for those who read without limit. */
export type Reads = {
  used: number;
  allowed: number | null;
  /** ISO 8601 in UTC; null while reads are left, and where none ever comes. */
  nextFreeAt: string | null;
};

/** What `articles.list` returns. */
export type ArticleList = {
  items: (ArticleSummary & {
    /** Read in the last 30 days: reading it again is free. */
    isRead: boolean;
    isReadable: boolean;
  })[];
  reads: Reads;
};

/** Input of `articles.read`. */
export const readArticleInput = z.object({
  slug: z.string({ error: 'Please name an article.' }).check(z.minLength(1), z.maxLength(200)),
});
