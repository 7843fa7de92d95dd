import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { articlesContent, isPublicPath, readArticleSlug } from '@latchkey/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The tests' own site: see scripts/fixture.mjs.
const root = resolve(import.meta.dirname, '../../../../.cache/fixture/apps/web');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
const BUILD_MILLISECONDS = 60_000;
const origin = 'https://site.example';

const listPages = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => ({
      path: `/${name.replace(/(^index)?\.html$/, '')}`,
      html: readFileSync(join(folder, name), 'utf8'),
    }));

/** The attributes of the head's `meta` and `link` elements: name → value. */
function readTags(html: string): Record<string, string> {
  const tags = html.matchAll(
    /<(?:meta|link) (?:name|property|rel)="([^"]+)" (?:content|href)="([^"]*)"/g,
  );
  return Object.fromEntries([...tags].map(([, name = '', value = '']) => [name, value]));
}

beforeAll(() => {
  const { status, stdout, stderr } = spawnSync('astro', ['build', '--outDir', folder], {
    cwd: root,
    env: { PATH: process.env['PATH'], ASTRO_TELEMETRY_DISABLED: '1', PUBLIC_URL: origin },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build failed.\n${stdout}${stderr}`);
}, BUILD_MILLISECONDS);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a page', () => {
  const findable = ['/', '/blog', '/login', '/register'];

  test('may be found when it is public and does not say otherwise', () => {
    const pages = listPages().filter(({ html }) => !html.includes('noindex'));
    const indexed = pages.filter(({ path }) => isPublicPath(path));
    expect(indexed.map(({ path }) => path).toSorted()).toEqual(findable);
  });

  test.each(findable)('that may be found has its address, title and picture: %s', (path) => {
    const html = listPages().find((page) => page.path === path)?.html ?? '';
    const tags = readTags(html);
    expect(tags).toMatchObject({
      canonical: origin + path,
      'og:url': origin + path,
      'og:type': 'website',
      'og:description': tags['description'],
      'og:image': `${origin}/social.png`,
      'twitter:card': 'summary_large_image',
    });
    expect(html).toContain(
      `<title>${tags['og:title'] ?? ''} · ${tags['og:site_name'] ?? ''}</title>`,
    );
  });

  test('that nobody is to find, or that members see, has a title alone', () => {
    const pages = listPages().filter(({ html }) => html.includes('noindex'));
    const paths = pages.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/404', '/logout', '/secrets', '/dashboard']));
    for (const { path, html } of pages) expect(html, path).not.toMatch(/og:|canonical|twitter:/);
  });
});

test('an article and its lead-in have the article’s address and day', () => {
  const articles = articlesContent.parse(
    JSON.parse(readFileSync(join(folder, 'blog/articles.json'), 'utf8')),
  ).items;
  const pages = new Map(listPages().map(({ path, html }) => [path, html]));
  expect(articles.length).toBeGreaterThan(0);
  for (const { slug, title, date } of articles) {
    const path = `/blog/${slug}`;
    expect(readArticleSlug(path)).toBe(slug);
    for (const html of [pages.get(path), pages.get(`${path}/lead-in`)]) {
      expect(readTags(html ?? ''), path).toMatchObject({
        canonical: origin + path,
        'og:url': origin + path,
        'og:type': 'article',
        'og:title': title,
        'article:published_time': date,
      });
    }
  }
});

test('no page has an id twice', () => {
  for (const { path, html } of listPages()) {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect([path, ids.filter((id, index) => ids.indexOf(id) !== index)]).toEqual([path, []]);
  }
});
