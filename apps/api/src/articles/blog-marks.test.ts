import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import { readArticles } from './articles-content.ts';

const marks = (html: string) =>
  [...html.matchAll(/data-slot="read-([^"]+)">Read</g)].map(([, slug]) => slug);

const readsLine = (html: string) =>
  /<p class="reads-left" data-slot="reads">(.*?)<\/p>/s.exec(html)?.[1];

describe.each(dialects)('the list of articles on %s', (dialect) => {
  test('is public for a browser that nothing is known of', async () => {
    await using server = await startTestServer(dialect);
    const answer = await server.openBrowser().visit('/blog');
    expect(answer.headers.get('cache-control')).toContain('public');
    const html = await answer.text();
    expect([marks(html), readsLine(html)]).toEqual([[], '']);
  });

  test('marks what a visitor has read, says what is left, and is for nobody else', async () => {
    await using server = await startTestServer(dialect, { FREE_READS: '2' });
    const [first, second] = await readArticles(server.deps.site);
    const browser = server.openBrowser();
    await browser.visit(`/blog/${first?.slug}`);
    const answer = await browser.visit('/blog');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('etag')).toBeNull();
    const html = await answer.text();
    expect(marks(html)).toEqual([first?.slug]);
    expect(readsLine(html)).toBe(
      'You have read 1 of 2 free articles in the last 30 days. You can read 1 more.',
    );
    await browser.visit(`/blog/${second?.slug}`);
    const spent = await (await browser.visit('/blog')).text();
    expect(marks(spent)).toEqual([first?.slug, second?.slug]);
    expect(readsLine(spent)).toMatch(
      /^You have read 2 of 2 free articles .+ available on <time datetime="20[^"]+">\d+ \w+ 20\d\d, \d\d:\d\d UTC<\/time>\.$/,
    );
  });

  test('says to people with the role member that they read all, and to others what is left', async () => {
    await using server = await startTestServer(dialect);
    const { browser, user } = await signUp(server);
    const before = await (await browser.visit('/blog')).text();
    expect(readsLine(before)).toContain('You have read 0 of 5 free articles');
    await server.database.User.update({ roles: ['member'] }, { where: { id: user.id } });
    const after = await (await browser.visit('/blog')).text();
    expect(readsLine(after)).toBe('Your account includes unlimited reading.');
  });
});

test('the list of articles goes out as it was built while the database is away', async () => {
  const database = await openBrokenDatabase();
  await using server = await startTestServer('sqlite', {}, { database });
  const headers = { cookie: `reader=${'a'.repeat(43)}` };
  const answer = await server.openBrowser().fetch('/blog', { headers });
  expect(answer.status).toBe(200);
  expect(readsLine(await answer.text())).toBe('');
});
