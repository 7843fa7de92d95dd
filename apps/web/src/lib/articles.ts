import { getCollection, type CollectionEntry } from 'astro:content';
import {
  articlePath,
  BLOG,
  describeAccess,
  findArticleAccess,
  readFrontMatterAccess,
  type Access,
  type Article,
} from '@latchkey/shared';
import { refuseContradiction } from './access.ts';
import { renameIds, rootLinks, shareFootnotes } from './article-html.ts';
import { readAliases } from './article-slug.ts';
import { requireFlatFolder } from './require-flat-folder.ts';
import { isUnpublished } from './markdown-loader.ts';
import { renderHtml } from './render-html.ts';

/** Ends the lead-in: what stands above it may be read by anybody. */
const MARK = '<!-- more -->';
const firstParagraph = /^[\s\S]*?<\/p>/;

/** Those that everybody may know of. */
export async function readListedArticles(): Promise<Article[]> {
  const articles = await readArticles();
  return articles.filter(({ isFree, access }) => isFree || access === null);
}

/** The articles of `src/content/blog`, rendered, newest first. Drafts are there in development alone. */
export async function readArticles(): Promise<Article[]> {
  const entries = await getCollection('blog');
  requireFlatFolder(entries, 'src/content/blog');
  const articles = await Promise.all(entries.map(readArticle));
  return articles.toSorted((one, other) => other.date.localeCompare(one.date));
}

async function readArticle(entry: CollectionEntry<'blog'>): Promise<Article> {
  const { id, data } = entry;
  const file = entry.filePath ?? id;
  const access = readArticleAccess(id, data.access, file);
  const isFree = access === 'public' || (access === null && (BLOG.isFree || data.free));
  refuseFreeForSome(data.free, access, file);
  const isMetered = !isFree && access === null;
  return {
    slug: id,
    title: isUnpublished(data) ? `Draft: ${data.title}` : data.title,
    summary: data.summary,
    date: data.date.toISOString().slice(0, 10),
    ...finishLinks(splitArticle(await renderHtml(entry), isMetered, file), articlePath(id)),
    isFree,
    access: isFree ? 'public' : access,
    aliases: readAliases(data.aliases),
    file,
  };
}

/** Who may read an article, where it does not go through the meter; null where it does. */
function readArticleAccess(slug: string, value: unknown, file: string): Access | null {
  const own = readFrontMatterAccess(value, file);
  if (own !== null) refuseContradiction(file, articlePath(slug), own);
  return own ?? findArticleAccess(slug);
}

function refuseFreeForSome(free: boolean, access: Access | null, file: string): void {
  if (!free || access === null || access === 'public') return;
  throw new Error(
    `${file} says "free: true", and that it is for ${describeAccess(access)}. Take one of the two out.`,
  );
}

type Parts = Pick<Article, 'leadHtml' | 'restHtml'>;

/** The mark stays between the two while ids and footnotes of both are seen to. */
function finishLinks({ leadHtml, restHtml }: Parts, path: string): Parts {
  const whole = shareFootnotes(leadHtml, restHtml).join(MARK);
  const [lead = '', rest = ''] = rootLinks(renameIds(whole, 'section'), path).split(MARK);
  return { leadHtml: lead, restHtml: rest };
}

/** An article that is not metered needs no mark: without one, it begins with its first paragraph. */
function splitArticle(html: string, isMetered: boolean, file: string): Parts {
  const [leadHtml = '', restHtml, ...more] = html.split(MARK);
  if (restHtml === undefined && !isMetered) {
    const [start = html] = firstParagraph.exec(html) ?? [];
    return { leadHtml: start, restHtml: html.slice(start.length) };
  }
  if (restHtml === undefined || more.length > 0 || !leadHtml.trim() || !restHtml.trim()) {
    throw new Error(
      `${file} has no lead-in, or more than one. Put one line "${MARK}" below the paragraphs that anybody may read, or write "free: true" at its head.`,
    );
  }
  return { leadHtml, restHtml };
}

/**
 * What tells search engines that an article goes on for those who may read it, as JSON-LD. It cannot
 * end its script element early.
 *
 * @see https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
 */
export function describeForSearch(article: Article, cssSelector: string): string {
  const { title, summary, date, isFree } = article;
  const rest = { isAccessibleForFree: false, cssSelector };
  return JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    description: summary,
    datePublished: date,
    isAccessibleForFree: isFree,
    ...(isFree ? {} : { hasPart: { '@type': 'WebPageElement', ...rest } }),
  }).replaceAll('<', '\\u003c');
}
