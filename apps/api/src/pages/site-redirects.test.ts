import { expect, test } from 'vitest';
import { createArticleSite, makeArticle } from '../testing/article-site.ts';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer } from '../testing/test-server.ts';

const redirects = {
  '/blog/old': { status: 301, location: '/blog/new' },
  '/2019/news.html': { status: 301, location: '/blog/new' },
  '/moved': { status: 302, location: '/blog#top' },
  '/plan-a': { status: 301, location: '/plan-b' },
  '/shop': { status: 308, location: 'https://shop.example/?a=b' },
};
const pages = {
  'plan-b.html': '<h1>Plan</h1>',
  '.build/redirects.json': JSON.stringify(redirects),
};

test.each([
  ['/blog/old', 301, '/blog/new'],
  ['/blog/old/', 301, '/blog/old'],
  ['/blog/old?utm=x', 301, '/blog/new?utm=x'],
  ['/2019/news.html', 301, '/blog/new'],
  ['/moved?a=b', 302, '/blog?a=b#top'],
  ['/shop?c=d', 308, 'https://shop.example/?a=b'],
])('A former address leads on for everybody, and counts nothing: %s', async (path, status, to) => {
  await using folder = await createArticleSite([makeArticle({ slug: 'new' })], pages);
  await using server = await startTestServer('sqlite', {}, { site: folder.site });
  for (const method of ['GET', 'HEAD']) {
    const { headers, ...answer } = await requestTarget(server.url, path, { method });
    expect([answer.status, headers.get('location'), headers.get('set-cookie')], method).toEqual([
      status,
      to,
      null,
    ]);
    expect(answer.body, method).toBe('');
  }
  expect(await server.database.ArticleRead.count()).toBe(0);
});

test('A former address of a private page tells its new name to members alone', async () => {
  await using folder = await createArticleSite([], pages);
  await using server = await startTestServer('sqlite', {}, { site: folder.site });
  const visitor = await requestTarget(server.url, '/plan-a');
  expect([visitor.status, visitor.headers.get('location')]).toEqual([
    302,
    '/login?next=%2Fplan-a#sign-in-required',
  ]);
  const { browser } = await signUp(server);
  const { status, headers } = await browser.visit('/plan-a');
  expect([status, headers.get('location'), headers.get('cache-control')]).toEqual([
    301,
    '/plan-b',
    'private, no-store',
  ]);
});
