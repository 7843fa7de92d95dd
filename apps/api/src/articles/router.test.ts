import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

describe('articles.list and articles.read', () => {
  test('tell a visitor what is there, hand out what is free, and refuse the rest by reason', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '1' });
    const client = createClient(server.openBrowser());
    const before = await client.articles.list.query();
    const [first, second] = before.items;
    expect(before.reads).toEqual({ used: 0, allowed: 1, nextFreeAt: null });
    expect(first).toEqual({
      slug: expect.any(String) as string,
      title: expect.any(String) as string,
      summary: expect.any(String) as string,
      date: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) as string,
      isRead: false,
      isReadable: true,
    });
    const dates = before.items.map(({ date }) => date);
    expect(dates).toEqual(dates.toSorted().reverse());

    const { article } = await client.articles.read.mutate({ slug: first?.slug ?? '' });
    expect(article).toMatchObject({ title: first?.title, date: first?.date });
    expect(article.html.match(/<h2/g)?.length).toBeGreaterThan(2);
    await client.articles.read.mutate({ slug: first?.slug ?? '' });

    const after = await client.articles.list.query();
    expect(after.reads).toMatchObject({ used: 1, allowed: 1 });
    expect(after.items.slice(0, 2)).toMatchObject([
      { isRead: true, isReadable: true },
      { isRead: false, isReadable: false },
    ]);
    const refusal = await catchRefusal(client.articles.read.mutate({ slug: second?.slug ?? '' }));
    expect(refusal).toMatchObject({
      code: 'PAYMENT_REQUIRED',
      httpStatus: 402,
      reason: 'reads-spent',
      nextFreeAt: after.reads.nextFreeAt,
    });
    expect(Date.parse(after.reads.nextFreeAt ?? '')).toBeGreaterThan(Date.now());
  });

  test('are without limit for the role member', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '0' });
    const { client, user } = await signUp(server);
    await server.database.User.update({ roles: ['member'] }, { where: { id: user.id } });
    const { items, reads } = await client.articles.list.query();
    expect(reads).toEqual({ used: 0, allowed: null, nextFreeAt: null });
    for (const { slug, isReadable } of items) {
      expect(isReadable).toBe(true);
      await client.articles.read.mutate({ slug });
    }
  });

  test('do not know what is not there', async () => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    for (const slug of ['nothing', '../secrets', 'a'.repeat(200)]) {
      const refusal = await catchRefusal(createClient(browser).articles.read.mutate({ slug }));
      expect(refusal, slug).toMatchObject({ httpStatus: 404, reason: 'not-found' });
    }
    const refusal = await catchRefusal(createClient(browser).articles.read.mutate({ slug: '' }));
    expect(refusal).toMatchObject({ httpStatus: 400, reason: 'invalid-input' });
    expect(browser.cookies.size).toBe(0);
  });

  test('count one reader where a first request calls many at once', async () => {
    await using server = await startTestServer('sqlite', { FREE_READS: '2' });
    const browser = server.openBrowser();
    const { items } = await createClient(browser).articles.list.query();
    const calls = items.map(() => 'articles.read').join(',');
    const input = Object.fromEntries(items.map(({ slug }, index) => [index, { slug }]));
    const answer = await browser.fetch(`/trpc/${calls}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const results = (await answer.json()) as { error?: { data: { reason: string } } }[];
    expect(results.filter(({ error }) => !error)).toHaveLength(2);
    expect(await server.database.ArticleRead.count()).toBe(2);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });
});
