// @ts-check
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { article, blog, mark, openCopy } from './content-copy.mjs';

// Builds the site once, in a copy of the project, with all that other people's sites have in them and
// that is no fault. Each test looks at its own part of what came out.

const timeout = 300_000;
const site = openCopy();
const { at, built, readBuilt } = site;
/** What the build said. */
let output = '';

/** Written down in places from which it must not come out. */
const hidden = `Nobody sees the zebra.${mark}Nor ever the okapi.`;
const picture = readFileSync(path.join(site.folder, 'docs/images/home-light.png'));
const drafts = {
  [`${blog}/draft.md`]: article('date: 2026-01-01\ndraft: true', `![](./zebra.png)\n\n${hidden}`),
  [`${blog}/zebra.png`]: picture,
  [`${blog}/_note.md`]: article('date: 2026-01-01', hidden),
  [`${blog}/_notes/note.md`]: article('date: 2026-01-01', hidden),
  [`${blog}/_note.mdx`]: hidden,
  [`${blog}/tomorrow.md`]: article('date: 2999-01-01', hidden),
  'src/content/secrets/draft.md': `---\ntitle: One\nsummary: A.\norder: 9\ndraft: true\n---\n\n${hidden}`,
  'src/content/secrets/_note.md': hidden,
};

const unread = {
  [`${blog}/unread-keys.md`]: article('date: 2026-01-01\nauthor: Ada\nTitel: One'),
};

/** Slug as it is written → the file of its page. */
const slugs = {
  'v1.2': 'v1.2',
  'a b': 'a b',
  über: 'über',
  "'C++ (2), it''s & more!'": "C++ (2), it's & more!",
  2024: '2024',
  'lead-in': 'lead-in',
  UPPER: 'UPPER',
};
const slugged = Object.fromEntries(
  Object.keys(slugs).map((slug, index) => [
    `${blog}/slugged-${index}.md`,
    article(`date: 2026-01-01\nslug: ${slug}`),
  ]),
);

const moved = {
  [`${blog}/one.md`]: article('date: 2026-01-01\naliases: [older, /2019/one/]'),
};
const redirects = `redirects: { '/former': '/blog', '/gone': { status: 302, destination: 'https://example.com/?a=b&c' }, '/posts/[slug]': '/blog/[slug]' },`;

const free = {
  [`${blog}/free-one.md`]: article(
    'date: 2026-01-01\nfree: true',
    `Free for all.${mark}Free to the end.`,
  ),
  [`${blog}/free-two.md`]: article(
    'date: 2026-01-01\nfree: true',
    'The first paragraph.\n\nThe second paragraph.',
  ),
};

const film = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom'), Buffer.alloc(100)]);
const publicFiles = {
  'public/vendor/three.js/index.js': 'export {};',
  'public/x.html/a.txt': 'A.',
  'public/a.json/b.json': '{}',
  'public/empty.json': '',
  'public/bom.json': '\ufeff{"a":1}',
  'public/commented.json': '{ // why\n "a": 1 }',
  'public/broken.json': '{"a":',
  'public/deep.json': `${'['.repeat(3000)}${']'.repeat(3000)}`,
  'public/lines.jsonl': '{"a":1}\n{"a":2}',
  'public/it\'s "50%"\n#?.txt': 'A.',
  'public/back\\slash.txt': 'A.',
  'public/film.mp4': film,
};

const table = '| a | b |\n| :-- | --: |\n| 1 | 2 |';
const blocked = {
  'src/pages/moved.astro':
    '---\n---\n<html><body>\n<h1>Moved</h1>\n<p style="color: red">A</p>\n<img src="https://pictures.example/a.png" alt="" />\n</body></html>',
  'src/pages/tables.md': `---\nlayout: ../layouts/MarkdownPage.astro\ntitle: T\ndescription: D.\n---\n\n${table}`,
  [`${blog}/table.md`]: article('date: 2026-01-01', `${table}${mark}<b onclick="go()">A</b>`),
  'public/old/index.html': '<!doctype html>\n<title>Old</title>\n<script>go()</script>',
  'public/old/style.css': "@import 'https://fonts.example/a.css';",
};

const noted = `A note,[^a] an [anchor](#main), a [neighbour](./neighbour?b=c), [home](/) and [more](#later).

## Main
${mark}## Later

Another note.[^b]

[^a]: The first note.

[^b]: The second note.
`;
const section = (/** @type {number} */ order) =>
  `---\ntitle: S${order}\nsummary: A.\norder: ${order}\n---\n\n## Same\n\nA note.[^a]\n\n[^a]: Note.\n`;
const linked = {
  [`${blog}/linked.md`]: article('date: 2026-01-01', noted),
  [`${blog}/neighbour.md`]: article('date: 2026-01-02', noted),
  'src/content/secrets/s1.md': section(8),
  'src/content/secrets/s2.md': section(9),
};

/** @param {string} file @param {string} from @param {string} to */
function edit(file, from, to) {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from), `${file} has ${from}`);
  writeFileSync(file, text.replace(from, to));
}

before(
  () => {
    for (const files of [drafts, unread, slugged, moved, free, publicFiles, blocked, linked]) {
      site.write(files);
    }
    edit(at('astro.config.ts'), "output: 'static',", `output: 'static', ${redirects}`);
    const list = path.join(site.folder, 'packages/shared/src/access-rules.ts');
    edit(
      list,
      "'/login': 'public',",
      "'/login': 'public', '/secrets/': 'public', '/Dashboard': 'public',",
    );
    const outcome = site.build();
    assert.ok(outcome.ok, outcome.output);
    output = outcome.output;
  },
  { timeout },
);
after(() => site.remove());

test('drafts, and files whose name begins with _, are in no file of the build', () => {
  assert.doesNotMatch(site.readAll(), /zebra|okapi/);
  assert.match(output, /blog\/tomorrow\.md: its date, 2999-01-01, is in the future/);
});

test('keys that nothing reads are told', () => {
  assert.match(
    output,
    /blog\/unread-keys\.md: nothing reads author, Titel \(did you mean title\?\)/,
  );
});

for (const [slug, name] of Object.entries(slugs)) {
  test(`an article has the slug ${slug}`, () => {
    assert.match(readBuilt(`blog/${name}.html`), /What follows the fence/);
    assert.match(readBuilt(`blog/${name}/lead-in.html`), /What anybody may read/);
    const links = readBuilt('blog.html').matchAll(/<h2[^>]*>\s*<a href="([^"]+)"/g);
    const addresses = [...links].map(([, href = '']) =>
      href.replaceAll('&#38;', '&').replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
    );
    assert.ok(addresses.includes(`/blog/${encodeURI(name)}`), addresses.join());
  });
}

test('former addresses and redirects are written down for the server', () => {
  assert.partialDeepStrictEqual(JSON.parse(readBuilt('.build/redirects.json')), {
    '/former': { status: 301, location: '/blog' },
    '/gone': { status: 302, location: 'https://example.com/?a=b&c' },
    '/posts/one': { status: 301, location: '/blog/one' },
    '/blog/older': { status: 301, location: '/blog/one' },
    '/2019/one': { status: 301, location: '/blog/one' },
  });
  for (const name of ['former.html', 'gone.html', 'posts/one.html']) {
    assert.ok(!existsSync(path.join(built, name)), name);
  }
});

test('an article that is free for all is public as a whole, with a mark or without', () => {
  const two = findArticle('free-two');
  assert.match(two.leadHtml, /first/);
  assert.match(two.restHtml, /second/);
  assert.doesNotMatch(readBuilt('blog/free-one.html'), /data-slot="reads"/);
  assert.match(readBuilt('blog/free-one.html'), /"isAccessibleForFree":true/);
  assert.ok(!existsSync(path.join(built, 'blog/free-one/lead-in.html')));
});

/**
 * @param {string} wanted slug
 * @returns {{ slug: string, leadHtml: string, restHtml: string }}
 */
function findArticle(wanted) {
  const { items } = JSON.parse(readBuilt('blog/articles.json'));
  return items.find((/** @type {{ slug: string }} */ { slug }) => slug === wanted);
}

test('what lies in public is taken as it is, whatever it is called', () => {
  for (const name of Object.keys(publicFiles)) {
    assert.ok(existsSync(path.join(built, name.replace('public/', ''))), name);
  }
});

test('what browsers will block is told, with file and line; aligned tables are not', () => {
  const lines = output.split('\n').filter((line) => /\(\w+-(src|action|uri)\)$/.test(line));
  assert.deepEqual(lines.map((line) => line.trim()).toSorted(), [
    'public/old/index.html:3: inline code "go()" in <script> (script-src)',
    'public/old/style.css:1: https://fonts.example/a.css in a style sheet (style-src)',
    'src/content/blog/table.md:13: onclick="go()" in <b> (script-src)',
    'src/pages/moved.astro:5: style="color: red" in <p> (style-src)',
    'src/pages/moved.astro:6: https://pictures.example/a.png in <img> (img-src)',
  ]);
  for (const name of ['tables.html', 'blog/table.html']) {
    assert.match(readBuilt(name), /<td align="right">2<\/td>/);
    assert.doesNotMatch(readBuilt(name), /text-align/);
  }
});

test('access rules that fit nothing are told', () => {
  assert.match(output, /'\/secrets\/' fits nothing of the site\. Write '\/secrets'/);
  assert.match(output, /'\/Dashboard' fits nothing of the site\. Write '\/dashboard'/);
});

test('links, anchors and footnotes of a lead-in lead to the same place from everywhere', () => {
  const links = [
    '/blog/linked#user-content-fn-a',
    '/blog/linked#section-main',
    '/blog/neighbour?b=c',
    '/',
    '/blog/linked#later',
  ];
  const pages = ['blog.html', 'blog/linked.html', 'blog/linked/lead-in.html'].map(readBuilt);
  for (const html of [findArticle('linked').leadHtml, ...pages]) {
    for (const link of links) assert.ok(html.includes(`href="${link}"`), `${link} in ${html}`);
  }
  for (const html of [...pages, readBuilt('secrets.html')]) {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  }
  const [, whole = '', leadIn = ''] = pages;
  for (const html of [whole, leadIn]) assert.match(html, /id="user-content-fn-a"/);
  assert.match(leadIn, /The first note/);
  assert.doesNotMatch(leadIn, /The second note/);
  assert.match(whole, /<ol start="2">\s*<li id="user-content-fn-b">/);
});
