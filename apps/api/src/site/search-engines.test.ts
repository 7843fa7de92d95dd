import { isMeteredPath } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { readArticles } from '../articles/articles-content.ts';
import type { Browser } from '../testing/browser.ts';
import { signUp } from '../testing/people.ts';
import { listBuiltFiles, listMeteredFiles } from '../testing/site-files.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { readBuiltSite } from '../pages/built-site.ts';

const origin = 'https://site.example';
const publicFiles = ['/sitemap.xml', '/robots.txt', '/feed.xml'];

/** The real site with more pages in it, as if they had been written and built. */
async function createSite(more: Record<string, string>) {
  const built = [...listBuiltFiles(), ...listMeteredFiles()];
  const files = Object.fromEntries(built.map(({ fileName, bytes }) => [fileName, bytes]));
  return createTemporaryFolder({ ...files, ...more });
}

const startServer = (parts: Parameters<typeof startTestServer>[2] = {}) =>
  startTestServer('sqlite', { PUBLIC_URL: origin }, parts);

async function read(server: TestServer, path: string) {
  const answer = await server.openBrowser().visit(path);
  return { answer, text: await answer.text() };
}

async function listAddresses(server: TestServer): Promise<string[]> {
  const { text } = await read(server, '/sitemap.xml');
  return [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address = '']) => address);
}

test('The sitemap has the public pages and the articles, with their days', async () => {
  await using server = await startServer();
  const articles = await readArticles(server.deps.site);
  const { answer, text } = await read(server, '/sitemap.xml');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
  expect(await listAddresses(server)).toEqual([
    ...['/', '/blog', '/login', '/register'].map((path) => origin + path),
    ...articles.map(({ slug }) => `${origin}/blog/${slug}`),
  ]);
  const [newest] = articles;
  if (!newest) throw new Error('There are no articles.');
  for (const path of ['/blog', `/blog/${newest.slug}`]) {
    expect(text).toContain(`<loc>${origin}${path}</loc><lastmod>${newest.date}</lastmod>`);
  }
});

test('Whatever the sitemap names is there for a visitor, and wants to be found', async () => {
  await using server = await startServer();
  for (const address of await listAddresses(server)) {
    const { answer, text } = await read(server, new URL(address).pathname);
    expect([address, answer.status === 200 || answer.status === 402]).toEqual([address, true]);
    expect(text, address).not.toContain('noindex');
  }
});

test('robots.txt leads to the sitemap', async () => {
  await using server = await startServer();
  const { answer, text } = await read(server, '/robots.txt');
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text).toMatch(/^User-agent: \*\nDisallow: \/trpc\/\n/);
  expect(text).toContain(`\nSitemap: ${origin}/sitemap.xml\n`);
});

test('What is private tells search engines to leave it out, and what is public does not', async () => {
  await using server = await startServer();
  const { browser } = await signUp(server);
  const robots = async (reader: Browser, path: string) => {
    const { headers } = await reader.visit(path);
    return [path, headers.get('x-robots-tag')];
  };
  for (const reader of [server.openBrowser(), browser]) {
    for (const path of ['/secrets', '/dashboard', '/secrets.json', '/download/cheat-sheet.pdf']) {
      expect(await robots(reader, path)).toEqual([path, 'noindex']);
    }
    for (const path of ['/', '/blog', '/blog/metering-fairly', '/favicon.svg']) {
      expect(await robots(reader, path)).toEqual([path, null]);
    }
  }
});

test('No private address stands in a file for search engines', async () => {
  await using server = await startServer();
  const isPrivate = ({ isPublic, path }: { isPublic: boolean; path: string }) =>
    !isPublic && !isMeteredPath(path);
  const privatePaths = listBuiltFiles()
    .filter(isPrivate)
    .map(({ path }) => path);
  expect(privatePaths).toEqual(expect.arrayContaining(['/secrets', '/secrets.json', '/dashboard']));
  const beside = listMeteredFiles().flatMap(({ path }) =>
    /\/lead-in$|\.json$/.test(path) ? path : [],
  );
  expect(beside.length).toBeGreaterThan(6);
  for (const file of publicFiles) {
    const { text } = await read(server, file);
    for (const path of [...privatePaths, ...beside, '/download']) {
      expect(text, file).not.toContain(path);
    }
  }
});

test('A new members’ page does not get into them, and a new public one does', async () => {
  const page = '<!doctype html><title>New</title>';
  await using folder = await createSite({
    'handbook.html': page,
    'handbook/chapter.html': page,
    '_astro/guide.html': page,
    '_astro/hidden.html': `${page}<meta name="robots" content="noindex" />`,
  });
  await using server = await startServer({ site: readBuiltSite(folder.path) });
  for (const file of publicFiles)
    expect((await read(server, file)).text, file).not.toContain('handbook');
  const addresses = await listAddresses(server);
  expect(addresses).toContain(`${origin}/_astro/guide`);
  expect(addresses).not.toContain(`${origin}/_astro/hidden`);
});
