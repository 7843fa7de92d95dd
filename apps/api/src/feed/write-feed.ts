import { SITE_LINE, SITE_NAME, type Article } from '@latchkey/shared';
import { escapeXml } from '../text/escape-xml.ts';
import { encodePath } from '../http/request-path.ts';
import { makeLinksAbsolute } from './absolute-links.ts';

type FeedKind = 'lead-ins' | 'whole articles';

/** Where a feed comes from, and what it may hold. */
export type Feed = {
  /** The site's public origin. */
  origin: string;
  /** The page that lists the articles, or the home page. */
  listPath: string;
  kind: FeedKind;
  /** The feed's own address, as readers may pass it on. A secret one has no place in what it names. */
  selfPath?: string;
};

const aboutKinds: Record<FeedKind, string> = {
  'lead-ins': 'The feed has the beginning of each article.',
  'whole articles': 'The feed has the whole articles.',
};

function writeItem(
  { origin, kind }: Feed,
  { slug, title, date, isFree, access, aliases, ...parts }: Article,
): string {
  const address = `${origin}/blog/${encodeURIComponent(slug)}`;
  // Under another name the article is the same: readers show it once.
  const nameOnce = aliases[0] === undefined ? address : origin + encodePath(aliases[0]);
  const write = (html: string) => escapeXml(makeLinksAbsolute(html, address));
  const whole = `\n<content:encoded>${write(parts.leadHtml + parts.restHtml)}</content:encoded>`;
  // Who gets an article with a rule of its own at all may read it.
  const isWhole = isFree || access !== null || kind === 'whole articles';
  return `<item>
<title>${escapeXml(title)}</title>
<link>${escapeXml(address)}</link>
<guid isPermaLink="true">${escapeXml(nameOnce)}</guid>
<pubDate>${new Date(date).toUTCString()}</pubDate>
<description>${write(parts.leadHtml)}</description>${isWhole ? whole : ''}
</item>`;
}

/**
 * Articles as RSS.
 *
 * @see https://www.rssboard.org/rss-specification
 * @see https://www.rssboard.org/rss-profile#namespace-elements-content-encoded
 */
export function writeFeed(feed: Feed, articles: Article[]): string {
  const { origin, kind, listPath, selfPath } = feed;
  const self = `\n<atom:link href="${origin}${selfPath}" rel="self" type="application/rss+xml"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${escapeXml(SITE_NAME)}</title>
<link>${origin}${listPath}</link>
<description>${escapeXml(SITE_LINE)} ${aboutKinds[kind]}</description>
<language>en</language>${selfPath === undefined ? '' : self}
${articles.map((article) => writeItem(feed, article)).join('\n')}
</channel>
</rss>
`;
}
