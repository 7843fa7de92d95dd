import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import { readBuiltSite } from './built-site.ts';

const page = '<html data-session="out"></html>';

/** A server for a site that has no more than its owner wrote: no blog, no `/secrets`, no downloads. */
async function startBareServer(more: Record<string, string> = {}) {
  const files = { 'index.html': page, 'login.html': page, 'register.html': page, ...more };
  const folder = await createTemporaryFolder(files);
  const site = readBuiltSite(folder.path);
  const downloadsFolder = `${folder.path}/nothing`;
  const server = await startTestServer('sqlite', {}, { site, downloadsFolder });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a site without a blog has no feed, and a sitemap without articles', async () => {
  await using server = await startBareServer();
  const browser = server.openBrowser();
  for (const path of ['/feed.xml', '/blog', '/blog/one', '/secrets', '/download/plan.pdf']) {
    expect([path, (await browser.fetch(path)).status]).toEqual([path, 404]);
  }
  const sitemap = await (await browser.fetch('/sitemap.xml')).text();
  expect([...sitemap.matchAll(/<loc>[^<]*?:\d+([^<]*)<\/loc>/g)].map(([, path]) => path)).toEqual([
    '/',
    '/login',
    '/register',
  ]);
});

test('its API has no articles and nothing of its own for members', async () => {
  await using server = await startBareServer();
  const { client } = await signUp(server);
  expect((await client.articles.list.query()).items).toEqual([]);
  await expect(client.articles.read.mutate({ slug: 'one' })).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  });
  expect(await client.secrets.list.query()).toEqual({ items: [] });
});

test('a feed of articles without a page that lists them leads to the start page', async () => {
  const articles = JSON.stringify({ items: [] });
  await using server = await startBareServer({ 'blog/articles.json': articles });
  const feed = await (await server.openBrowser().fetch('/feed.xml')).text();
  expect(feed).toMatch(/<link>http:\/\/localhost:\d+\/<\/link>/);
});
