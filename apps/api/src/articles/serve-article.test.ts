import { leadInPath, type Article } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import type { Browser } from '../testing/browser.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { listMeteredFiles } from '../testing/site-files.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { readArticles } from './articles-content.ts';

const addressOf = ({ slug }: Article) => `/blog/${slug}`;

async function findArticles(server: TestServer) {
  const articles = await readArticles(server.deps.site);
  const [first, second, third] = articles;
  if (!first || !second || !third || articles.length < 6) throw new Error('Too few articles.');
  return { articles, first, second, third };
}

/** Sentences of the part that is not for everybody, free of markup. */
const restOf = ({ restHtml }: Article) =>
  [...restHtml.matchAll(/[A-Z][^<>&.]{40,}\./g)].map(String);

function expectWhole(html: string, article: Article) {
  expect(html).toContain(article.restHtml);
}

function expectLeadInOnly(html: string, article: Article) {
  expect(html).toContain(article.leadHtml);
  expect(restOf(article).length).toBeGreaterThan(5);
  for (const sentence of restOf(article)) expect(html).not.toContain(sentence);
}

async function readAll(browser: Browser, articles: Article[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const article of articles) statuses.push((await browser.visit(addressOf(article))).status);
  return statuses;
}

const spend = { FREE_READS: '2' };

describe.each(dialects)('articles on %s', (dialect) => {
  test('are free for five, then answered with 402 and the lead-in; what was read stays open', async () => {
    await using server = await startTestServer(dialect);
    const { articles, first } = await findArticles(server);
    const browser = server.openBrowser();
    expect(await readAll(browser, articles.slice(0, 6))).toEqual([200, 200, 200, 200, 200, 402]);
    const again = await browser.visit(addressOf(first));
    expect(again.status).toBe(200);
    const html = await again.text();
    expectWhole(html, first);
    expect(html).toContain('You have read 5 of 5 free articles in the last 30 days.');
  });

  test('are for nobody who is deleted while they are counted', async () => {
    await using server = await startTestServer(dialect);
    const { first } = await findArticles(server);
    const { ArticleRead, User } = server.database;
    const deleteFirst = async (id: string) => {
      await User.destroy({ where: { id } });
    };

    const reader = await signUp(server);
    vi.spyOn(ArticleRead, 'findAll').mockImplementationOnce(async () => {
      await deleteFirst(reader.user.id);
      return [];
    });
    expect((await reader.browser.visit(addressOf(first))).status).toBe(401);

    const { person, user } = await signUp(server);
    const browser = server.openBrowser();
    await browser.visit(addressOf(first));
    vi.spyOn(ArticleRead, 'count').mockImplementationOnce(async () => {
      await deleteFirst(user.id);
      return 1;
    });
    const login = { identifier: person.email, password: person.password };
    expect((await postTrpc(browser, 'auth.login', login)).status).toBe(401);
    expect(browser.cookies.has('session')).toBe(false);
  });

  test('are never counted beyond the allowance when all are asked for at once', async () => {
    await using server = await startTestServer(dialect, spend);
    const { articles, first } = await findArticles(server);
    const browser = server.openBrowser();
    await browser.visit(addressOf(first));
    const answers = await Promise.all(
      [...articles, ...articles].map((article) => browser.visit(addressOf(article))),
    );
    const whole = new Set(
      answers.flatMap(({ status, url }) => (status === 200 ? [new URL(url).pathname] : [])),
    );
    expect(whole.size).toBe(2);
    expect(await server.database.ArticleRead.count()).toBe(2);
  });

  test('keep at log-in and registration what was read before, and after logging out', async () => {
    await using server = await startTestServer(dialect, spend);
    const { articles, first, second, third } = await findArticles(server);
    const { person, client } = await signUp(server);
    await client.articles.read.mutate({ slug: first.slug });

    const browser = server.openBrowser();
    expect(await readAll(browser, [first, second])).toEqual([200, 200]);
    await browser.submit('/login', { identifier: person.email, password: person.password });
    expect(await readAll(browser, [first, second, third])).toEqual([200, 200, 402]);
    const { reads } = await client.articles.list.query();
    expect(reads).toMatchObject({ used: 2, allowed: 2 });
    await browser.submit('/logout', {});
    expect(await readAll(browser, [first, second, third])).toEqual([200, 200, 402]);

    const newcomer = server.openBrowser();
    await readAll(newcomer, articles.slice(2, 4));
    await newcomer.submit('/register', { ...makePerson() });
    expect(await readAll(newcomer, articles.slice(2, 5))).toEqual([200, 200, 402]);
  });

  // ASVS 8.3.2
  test('are all open to people with the role member, uncounted, from the next request on', async () => {
    await using server = await startTestServer(dialect, { FREE_READS: '0' });
    const { articles } = await findArticles(server);
    const { browser, user } = await signUp(server);
    expect(new Set(await readAll(browser, articles))).toEqual(new Set([402]));
    await server.database.User.update({ roles: ['member'] }, { where: { id: user.id } });
    expect(new Set(await readAll(browser, articles))).toEqual(new Set([200]));
    expect(await server.database.ArticleRead.count()).toBe(0);
    await server.database.User.update({ roles: [] }, { where: { id: user.id } });
    expect(new Set(await readAll(browser, articles))).toEqual(new Set([402]));
  });
});

describe('the answer 402', () => {
  test('has the lead-in, the day of the next free read and the ways on, and nothing of the rest', async () => {
    await using server = await startTestServer('sqlite', spend);
    const { articles } = await findArticles(server);
    const browser = server.openBrowser();
    await readAll(browser, articles.slice(0, 2));
    for (const article of articles.slice(2)) {
      const answer = await browser.visit(addressOf(article));
      expect(answer.status, article.slug).toBe(402);
      const html = await answer.text();
      expectLeadInOnly(html, article);
      expect(html, article.slug).toContain(
        '<h2 id="paywall-title" data-slot="wall-title">You have read your 2 free articles</h2>',
      );
      expect(html, article.slug).toMatch(
        /next free article is available on <time datetime="20\d\d-[^"]+">\d+ \w+ 20\d\d/,
      );
      const next = new URLSearchParams({ next: addressOf(article) }).toString();
      for (const path of ['/login', '/register']) expect(html).toContain(`href="${path}?${next}"`);
      expect(html, article.slug).toContain('"isAccessibleForFree":false');
    }
  });

  test('greets the person who is signed in', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '0' });
    const { first } = await findArticles(server);
    const { browser } = await signUp(server);
    const html = await (await browser.visit(addressOf(first))).text();
    expect(html).toContain('data-session="in"');
    expect(html).toContain('Only members can read the articles of this site.');
    expectLeadInOnly(html, first);
  });
});

test.each([
  ['0', 'This article is for members'],
  ['1', 'You have read your free article'],
])('with %s free the wall begins with "%s"', async (freeReads, heading) => {
  await using server = await startTestServer('sqlite', { FREE_READS: freeReads });
  const { first, second } = await findArticles(server);
  const browser = server.openBrowser();
  await browser.visit(addressOf(first));
  const html = await (await browser.visit(addressOf(second))).text();
  expect(html).toMatch(
    new RegExp(`<section class="plate paywall"[^>]*> ?<h2[^>]*>${heading}</h2>`),
  );
});

describe('what is no reading', () => {
  test('HEAD says what GET would, and counts nothing', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '1' });
    const { first, second } = await findArticles(server);
    const browser = server.openBrowser();
    for (const article of [first, second]) {
      const head = await browser.fetch(addressOf(article), { method: 'HEAD' });
      expect([head.status, await head.text(), head.headers.getSetCookie()], article.slug).toEqual([
        200,
        '',
        [],
      ]);
    }
    expect(await server.database.ArticleRead.count()).toBe(0);
    await browser.visit(addressOf(first));
    const heads = [first, second].map((article) =>
      browser.fetch(addressOf(article), { method: 'HEAD' }),
    );
    expect((await Promise.all(heads)).map(({ status }) => status)).toEqual([200, 402]);
  });

  test.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ])('a fetch ahead of the click (%j) gets nothing unread', async (headers) => {
    await using server = await startTestServer('sqlite', { FREE_READS: '1' });
    const { first, second } = await findArticles(server);
    const browser = server.openBrowser();
    const ahead = async (article: Article) => {
      const answer = await browser.fetch(addressOf(article), {
        headers: { accept: 'text/html', ...headers },
      });
      return [answer.status, answer.headers.getSetCookie().length, await answer.text()] as const;
    };
    const [status, cookies, text] = await ahead(first);
    expect([status, cookies]).toEqual([503, 0]);
    expect(text).not.toContain('<');
    await browser.visit(addressOf(first));
    expect((await ahead(first))[0]).toBe(200);
    expect((await ahead(second))[0]).toBe(402);
    expect(await server.database.ArticleRead.count()).toBe(1);
  });

  test('a search engine gets the lead-in, as a success that it may index', async () => {
    await using server = await startTestServer('sqlite');
    const { articles } = await findArticles(server);
    for (const article of articles) {
      const answer = await server.openBrowser().fetch(addressOf(article), {
        headers: {
          'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://google.com/bot)',
        },
      });
      expect([answer.status, answer.headers.getSetCookie()], article.slug).toEqual([200, []]);
      const html = await answer.text();
      expectLeadInOnly(html, article);
      expect(html, article.slug).not.toContain('noindex');
    }
    expect(await server.database.ArticleRead.count()).toBe(0);
  });
});

describe('the reader’s cookie', () => {
  test('comes with the first article and with nothing else', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '1' });
    const { first, second } = await findArticles(server);
    const browser = server.openBrowser();
    for (const path of [
      '/',
      '/blog',
      '/feed.xml',
      '/login',
      '/blog/nothing',
      '/trpc/articles.list',
    ]) {
      expect([path, (await browser.visit(path)).headers.getSetCookie()]).toEqual([path, []]);
    }
    const [cookie, ...others] = (await browser.visit(addressOf(first))).headers.getSetCookie();
    expect(cookie).toMatch(/^reader=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(others).toEqual([]);
    for (const article of [first, second]) {
      const answer = await browser.visit(addressOf(article));
      expect(answer.headers.getSetCookie(), article.slug).toEqual([]);
    }
    const [row] = await server.database.ArticleRead.findAll();
    expect(JSON.stringify(row)).not.toContain(browser.cookies.get('reader'));
    expect(server.logLines.join()).not.toContain(browser.cookies.get('reader'));
  });

  test('is bound to the host on https, and made anew where it is nonsense', async () => {
    await using server = await startTestServer('sqlite', { PUBLIC_URL: 'https://site.example' });
    const { first } = await findArticles(server);
    const answer = await server.openBrowser().fetch(addressOf(first), {
      headers: { cookie: '__Host-reader=nonsense' },
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-reader=[\w-]{43};.* Secure/);
  });

  test('does not come to people who are signed in', async () => {
    await using server = await startTestServer('sqlite');
    const { first } = await findArticles(server);
    const { browser } = await signUp(server);
    expect((await browser.visit(addressOf(first))).headers.getSetCookie()).toEqual([]);
  });
});

describe('caches and other addresses', () => {
  test('nothing that is metered may be kept, or asked for in part', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '1' });
    const { first, second } = await findArticles(server);
    const browser = server.openBrowser();
    const conditions = [{}, { range: 'bytes=0-9' }, { 'if-none-match': '*' }];
    for (const [article, status] of [
      [first, 200],
      [second, 402],
    ] as const) {
      for (const headers of conditions) {
        const answer = await browser.fetch(addressOf(article), { headers });
        expect(
          [answer.status, answer.headers.get('cache-control')],
          JSON.stringify(headers),
        ).toEqual([status, 'private, no-store']);
        expect(
          [answer.headers.get('etag'), answer.headers.get('last-modified')],
          JSON.stringify(headers),
        ).toEqual([null, null]);
      }
    }
  });

  test('only the articles have an address below /blog/, for members too', async () => {
    await using server = await startTestServer('sqlite');
    const { articles, first } = await findArticles(server);
    const { browser, user } = await signUp(server);
    await server.database.User.update({ roles: ['member'] }, { where: { id: user.id } });
    const addresses = new Set(articles.map(addressOf));
    const files = listMeteredFiles();
    expect(files.length).toBe(2 * articles.length + 1);
    for (const { path } of files.filter((file) => !addresses.has(file.path))) {
      expect([path, (await browser.visit(path)).status]).toEqual([path, 404]);
    }
    for (const ending of ['.html.br', '.br', '.gz', '/lead-in/', '/lead-in.html']) {
      expect((await browser.visit(`/blog/${first.slug}${ending}`)).status, ending).toBe(404);
    }
    expect((await browser.visit(leadInPath(first.slug))).status).toBe(404);
    const slash = await server.openBrowser().visit(`${addressOf(first)}/`);
    expect([slash.status, slash.headers.get('location')]).toEqual([301, addressOf(first)]);
    expect(await server.database.ArticleRead.count()).toBe(0);
  });

  test('the list and the feed are public and go no further than the lead-ins', async () => {
    await using server = await startTestServer('sqlite', { PUBLIC_URL: 'https://site.example' });
    const { articles } = await findArticles(server);
    for (const path of ['/blog', '/feed.xml']) {
      const answer = await server.openBrowser().visit(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get('cache-control'), path).toMatch(/^public/);
      const text = await answer.text();
      for (const article of articles) {
        expect(text).toContain(addressOf(article));
        for (const sentence of restOf(article)) expect(text).not.toContain(sentence);
      }
    }
    const feed = await server.openBrowser().fetch('/feed.xml');
    expect(feed.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8');
    const xml = await feed.text();
    expect(xml).toContain('<link>https://site.example/blog/');
    expect(xml.match(/<item>/g)).toHaveLength(articles.length);
    expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
  });
});
