import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { createArticleSite, makeArticle } from '../testing/article-site.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

const articles = [
  makeArticle({ slug: 'free', isFree: true }),
  makeArticle({ slug: 'v1.2' }),
  makeArticle({ slug: 'über uns & mehr' }),
];

async function start(dialect: (typeof dialects)[number]) {
  const { site, ...folder } = await createArticleSite(articles);
  const server = await startTestServer(dialect, { FREE_READS: '1' }, { site });
  return {
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.each(dialects)('on %s, an article that is free for all', (dialect) => {
  test('is a public page: whole, cacheable, uncounted, for search engines too', async () => {
    await using started = await start(dialect);
    const { server } = started;
    const browser = server.openBrowser();
    for (const headers of [{}, { 'user-agent': 'Googlebot' }, { 'sec-purpose': 'prefetch' }]) {
      const answer = await browser.fetch('/blog/free', { headers });
      expect([answer.status, answer.headers.get('cache-control')], JSON.stringify(headers)).toEqual(
        [200, 'public, max-age=0, must-revalidate'],
      );
      expect(answer.headers.get('etag'), JSON.stringify(headers)).toBeTruthy();
      expect(answer.headers.get('x-robots-tag'), JSON.stringify(headers)).toBeNull();
      expect(answer.headers.getSetCookie(), JSON.stringify(headers)).toEqual([]);
      expect(await answer.text(), JSON.stringify(headers)).toContain('Rest of free');
    }
    expect(await server.database.ArticleRead.count()).toBe(0);
    const sitemap = (await requestTarget(server.url, '/sitemap.xml')).body;
    expect(sitemap.match(/\/blog\/free</g)).toHaveLength(1);
  });

  test('is whole in the feed and through the API, when the free reads are spent too', async () => {
    await using started = await start(dialect);
    const { server } = started;
    const browser = server.openBrowser();
    const { articles: api } = createClient(browser);
    const feed = await (await browser.fetch('/feed.xml')).text();
    expect(feed).toContain('Rest of free');
    expect(feed).not.toContain('Rest of v1.2');
    await api.read.mutate({ slug: 'v1.2' });
    await expect(api.read.mutate({ slug: 'über uns & mehr' })).rejects.toThrow();
    const { article } = await api.read.mutate({ slug: 'free' });
    expect(article.html).toContain('Rest of free');
    const { items, reads } = await api.list.query();
    expect(items.map(({ isReadable }) => isReadable)).toEqual([true, true, false]);
    expect(reads.used).toBe(1);
    expect((await browser.visit('/blog/free')).status).toBe(200);
  });

  test('has neighbours with dots, spaces and signs in their addresses, which are metered', async () => {
    await using started = await start(dialect);
    const browser = started.server.openBrowser();
    for (const [path, status] of [
      ['/blog/v1.2', 200],
      ['/blog/%C3%BCber%20uns%20&%20mehr', 402],
      ['/blog/v1.2', 200],
      ['/blog/articles.json', 404],
      ['/blog/v1.2/lead-in', 404],
    ] as const) {
      expect([path, (await browser.visit(path)).status]).toEqual([path, status]);
    }
  });
});
