import { getCollection, type CollectionEntry } from 'astro:content';
import type { Article } from '@latchkey/shared';
import { demandFlat } from './demand-flat.ts';
import { renderHtml } from './render-html.ts';

/** Ends the lead-in: what stands above it may be read by anybody. */
const MARK = '<!-- more -->';

/** The articles of `src/content/blog`, rendered, newest first. */
export async function readArticles(): Promise<Article[]> {
  const entries = await getCollection('blog');
  demandFlat(entries, 'src/content/blog');
  const articles = await Promise.all(entries.map(readArticle));
  return articles.toSorted((one, other) => other.date.localeCompare(one.date));
}

async function readArticle(entry: CollectionEntry<'blog'>): Promise<Article> {
  const { id, filePath, data } = entry;
  const [leadHtml = '', restHtml, ...more] = (await renderHtml(entry)).split(MARK);
  if (restHtml === undefined || more.length > 0 || !leadHtml.trim() || !restHtml.trim()) {
    throw new Error(
      `${filePath ?? id} has no lead-in, or more than one. Put one line "${MARK}" below the paragraphs that anybody may read.`,
    );
  }
  const date = data.date.toISOString().slice(0, 10);
  return { slug: id, title: data.title, summary: data.summary, date, leadHtml, restHtml };
}

/**
 * What tells search engines that an article goes on for those who may read it, as JSON-LD. It cannot
 * end its script element early.
 *
 * @see https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
 */
export function describeForSearch({ title, summary, date }: Article, cssSelector: string): string {
  return JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    description: summary,
    datePublished: date,
    isAccessibleForFree: false,
    hasPart: { '@type': 'WebPageElement', isAccessibleForFree: false, cssSelector },
  }).replaceAll('<', '\\u003c');
}
