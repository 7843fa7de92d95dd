// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { copyWorkspace } from './copy-workspace.mjs';
import { tool, toolEnvironment } from './workspace.mjs';

// Builds the site with what other people's sites have in it, in a copy of the project.

const timeout = 120_000;
/** @type {string} */
let copy;
before(() => {
  copy = copyWorkspace();
});
after(() => rmSync(copy, { recursive: true }));

const blog = 'src/content/blog';
const mark = '\n\n<!-- more -->\n\n';

/** @param {string} file */
const at = (file) => path.join(copy, 'apps/web', file);
/** @param {string} name */
const readBuilt = (name) => readFileSync(at(`dist.new/${name}`), 'utf8');

/**
 * @param {string} head
 * @param {string} [text]
 */
function article(head, text = `What anybody may read.${mark}What follows the fence here.`) {
  return `---\ntitle: One\nsummary: First.\n${head}\n---\n\n${text}\n`;
}

/**
 * Builds the site with these files besides its own, and takes them away again.
 *
 * @param {Record<string, string | Buffer>} files
 * @param {(outcome: { ok: boolean, output: string }) => void} check
 */
function buildWith(files, check) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  }
  try {
    const { status, stdout, stderr } = spawnSync(tool('astro'), ['build', '--outDir', 'dist.new'], {
      cwd: at('.'),
      env: toolEnvironment(),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    check({ ok: status === 0, output: stdout + stderr });
  } finally {
    for (const file of Object.keys(files)) rmSync(at(file));
    rmSync(at('dist.new'), { recursive: true, force: true });
  }
}

/** Everything that was built, as one text. */
function readAll() {
  return readdirSync(at('dist.new'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.build/encoded'))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1') + entry.name)
    .join('\n');
}

test('drafts, and files whose name begins with _, are in no file of the build', { timeout }, () => {
  const hidden = `Nobody sees the zebra.${mark}Nor ever the okapi.`;
  const picture = readFileSync(path.join(copy, 'docs/images/home-light.png'));
  buildWith(
    {
      [`${blog}/draft.md`]: article(
        'date: 2026-01-01\ndraft: true',
        `![](./zebra.png)\n\n${hidden}`,
      ),
      [`${blog}/zebra.png`]: picture,
      [`${blog}/_note.md`]: article('date: 2026-01-01', hidden),
      [`${blog}/_notes/note.md`]: article('date: 2026-01-01', hidden),
      [`${blog}/_note.mdx`]: hidden,
      [`${blog}/tomorrow.md`]: article('date: 2999-01-01', hidden),
      'src/content/secrets/draft.md': `---\ntitle: One\nsummary: A.\norder: 9\ndraft: true\n---\n\n${hidden}`,
      'src/content/secrets/_note.md': hidden,
    },
    ({ ok, output }) => {
      assert.ok(ok, output);
      assert.doesNotMatch(readAll(), /zebra|okapi/);
      assert.match(output, /blog\/tomorrow\.md: its date, 2999-01-01, is in the future/);
    },
  );
});

for (const [what, files, message] of /** @type {[string, Record<string, string>, RegExp][]} */ ([
  ['MDX', { [`${blog}/one.mdx`]: article('date: 2026-01-01') }, /blog\/one\.mdx is not read/],
  ['.MD', { [`${blog}/one.MD`]: article('date: 2026-01-01') }, /blog\/one\.MD is not read/],
  ['.markdown', { [`${blog}/one.markdown`]: 'A' }, /blog\/one\.markdown is not read/],
  ['a # in a name', { [`${blog}/c#.md`]: article('date: 2026-01-01') }, /blog\/c#\.md/],
  ['a section in MDX', { 'src/content/secrets/one.mdx': 'A' }, /secrets\/one\.mdx is not read/],
  ['no date', { [`${blog}/one.md`]: article('') }, /one[\s\S]*date/],
  ['no day in date', { [`${blog}/one.md`]: article('date: soon') }, /one[\s\S]*must be a day/],
  ['a number for a date', { [`${blog}/one.md`]: article('date: 20260101') }, /must be a day/],
  ['an empty date', { [`${blog}/one.md`]: article('date:') }, /must be a day/],
  [
    'a draft that is text',
    { [`${blog}/one.md`]: article('date: 2026-01-01\ndraft: "yes"') },
    /must be true or false/,
  ],
  [
    'a misspelt draft',
    { [`${blog}/one.md`]: article('date: 2026-01-01\nDraft: true') },
    /blog\/one\.md: "Draft"[\s\S]*"draft: true"/,
  ],
  [
    "another system's draft",
    { [`${blog}/one.md`]: article('date: 2026-01-01\npublished: false') },
    /blog\/one\.md: "published"[\s\S]*"draft: true"/,
  ],
  [
    'no mark',
    { [`${blog}/one.md`]: article('date: 2026-01-01', 'A.') },
    /blog\/one\.md has no lead-in/,
  ],
  [
    'a slug that is a path',
    { [`${blog}/one.md`]: article('date: 2026-01-01\nslug: a/b') },
    /blog\/one\.md can have no address that ends in "a\/b"/,
  ],
  [
    'a slug that the site needs',
    { [`${blog}/one.md`]: article('date: 2026-01-01\nslug: articles.json') },
    /blog\/one\.md can have no address that ends in "articles\.json"/,
  ],
  [
    'a name without a letter',
    { [`${blog}/!!!.md`]: article('date: 2026-01-01') },
    /blog\/!!!\.md can/,
  ],
  [
    'two articles of one slug',
    {
      [`${blog}/one.md`]: article('date: 2026-01-01\nslug: same'),
      [`${blog}/two.md`]: article('date: 2026-01-01\nslug: Same'),
    },
    /blog\/(one|two)\.md and src\/content\/blog\/(one|two)\.md have the same address/,
  ],
  [
    'an alias that is a page',
    { [`${blog}/one.md`]: article('date: 2026-01-01\naliases: [/secrets]') },
    /blog\/one\.md: the alias "\/secrets" is taken/,
  ],
  [
    'an alias of two articles',
    {
      [`${blog}/one.md`]: article('date: 2026-01-01\naliases: [old]'),
      [`${blog}/two.md`]: article('date: 2026-01-01\naliases: [old]'),
    },
    /the alias "\/blog\/old" is taken: src\/content\/blog/,
  ],
  [
    'an alias that the server answers',
    { [`${blog}/one.md`]: article('date: 2026-01-01\naliases: [/feed.xml]') },
    /the alias "\/feed\.xml" is taken/,
  ],
])) {
  test(`the build refuses ${what}, and names the file`, { timeout }, () => {
    buildWith(files, ({ ok, output }) => {
      assert.ok(!ok, output);
      assert.match(output, message);
    });
  });
}

test('keys that nothing reads are told', { timeout }, () => {
  buildWith(
    { [`${blog}/one.md`]: article('date: 2026-01-01\nauthor: Ada\nTitel: One') },
    ({ ok, output }) => {
      assert.ok(ok, output);
      assert.match(output, /blog\/one\.md: nothing reads author, Titel \(did you mean title\?\)/);
    },
  );
});

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

for (const [slug, name] of Object.entries(slugs)) {
  test(`an article has the slug ${slug}`, { timeout }, () => {
    const text = article(`date: 2026-01-01\nslug: ${slug}`);
    buildWith({ [`${blog}/one.md`]: text }, ({ ok, output }) => {
      assert.ok(ok, output);
      assert.match(readBuilt(`blog/${name}.html`), /What follows the fence/);
      assert.match(readBuilt(`blog/${name}/lead-in.html`), /What anybody may read/);
      const links = readBuilt('blog.html').matchAll(/<h2[^>]*>\s*<a href="([^"]+)"/g);
      const addresses = [...links].map(([, href = '']) =>
        href.replaceAll('&#38;', '&').replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
      );
      assert.ok(addresses.includes(`/blog/${encodeURI(name)}`), addresses.join());
    });
  });
}

test('former addresses and redirects are written down for the server', { timeout }, () => {
  const config = readFileSync(at('astro.config.ts'), 'utf8');
  const redirects = `redirects: { '/old': '/blog', '/gone': { status: 302, destination: 'https://example.com/?a=b&c' }, '/posts/[slug]': '/blog/[slug]' },`;
  try {
    writeFileSync(
      at('astro.config.ts'),
      config.replace("output: 'static',", `output: 'static', ${redirects}`),
    );
    const text = article('date: 2026-01-01\naliases: [older, /2019/one/]');
    buildWith({ [`${blog}/one.md`]: text }, ({ ok, output }) => {
      assert.ok(ok, output);
      assert.partialDeepStrictEqual(JSON.parse(readBuilt('.build/redirects.json')), {
        '/old': { status: 301, location: '/blog' },
        '/gone': { status: 302, location: 'https://example.com/?a=b&c' },
        '/posts/one': { status: 301, location: '/blog/one' },
        '/blog/older': { status: 301, location: '/blog/one' },
        '/2019/one': { status: 301, location: '/blog/one' },
      });
      for (const name of ['old.html', 'gone.html', 'posts/one.html']) {
        assert.ok(!existsSync(at(`dist.new/${name}`)), name);
      }
    });
  } finally {
    writeFileSync(at('astro.config.ts'), config);
  }
});

test(
  'an article that is free for all is public as a whole, with a mark or without',
  { timeout },
  () => {
    const free = 'date: 2026-01-01\nfree: true';
    buildWith(
      {
        [`${blog}/one.md`]: article(free),
        [`${blog}/two.md`]: article(free, 'The first paragraph.\n\nThe second paragraph.'),
      },
      ({ ok, output }) => {
        assert.ok(ok, output);
        const { items } = JSON.parse(readBuilt('blog/articles.json'));
        const two = items.find((/** @type {{ slug: string }} */ { slug }) => slug === 'two');
        assert.match(two.leadHtml, /first/);
        assert.match(two.restHtml, /second/);
        assert.doesNotMatch(readBuilt('blog/one.html'), /data-slot="reads"/);
        assert.match(readBuilt('blog/one.html'), /"isAccessibleForFree":true/);
        assert.ok(!existsSync(at('dist.new/blog/one/lead-in.html')));
      },
    );
  },
);

test('what lies in public is taken as it is, whatever it is called', { timeout }, () => {
  const film = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom'), Buffer.alloc(100)]);
  const files = {
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
  symlinkSync('/nowhere/at/all', at('public/dangling'));
  try {
    buildWith(files, ({ ok, output }) => {
      assert.ok(!ok, output);
      assert.match(output, /dangling/);
    });
  } finally {
    rmSync(at('public/dangling'));
  }
  buildWith(files, ({ ok, output }) => {
    assert.ok(ok, output);
    for (const name of Object.keys(files)) {
      assert.ok(existsSync(at(name.replace('public/', 'dist.new/'))), name);
    }
  });
});

test(
  'what browsers will block is told, with file and line; aligned tables are not',
  { timeout },
  () => {
    const table = '| a | b |\n| :-- | --: |\n| 1 | 2 |';
    buildWith(
      {
        'src/pages/moved.astro':
          '---\n---\n<html><body>\n<h1>Moved</h1>\n<p style="color: red">A</p>\n<img src="https://pictures.example/a.png" alt="" />\n</body></html>',
        'src/pages/tables.md': `---\nlayout: ../layouts/MarkdownPage.astro\ntitle: T\ndescription: D.\n---\n\n${table}`,
        [`${blog}/one.md`]: article('date: 2026-01-01', `${table}${mark}<b onclick="go()">A</b>`),
        'public/old/index.html': '<!doctype html>\n<title>Old</title>\n<script>go()</script>',
        'public/old/style.css': "@import 'https://fonts.example/a.css';",
      },
      ({ ok, output }) => {
        assert.ok(ok, output);
        const lines = output.split('\n').filter((line) => /\(\w+-(src|action|uri)\)$/.test(line));
        assert.deepEqual(lines.map((line) => line.trim()).toSorted(), [
          'public/old/index.html:3: inline code "go()" in <script> (script-src)',
          'public/old/style.css:1: https://fonts.example/a.css in a style sheet (style-src)',
          'src/content/blog/one.md:13: onclick="go()" in <b> (script-src)',
          'src/pages/moved.astro:5: style="color: red" in <p> (style-src)',
          'src/pages/moved.astro:6: https://pictures.example/a.png in <img> (img-src)',
        ]);
        for (const name of ['tables.html', 'blog/one.html']) {
          assert.match(readBuilt(name), /<td align="right">2<\/td>/);
          assert.doesNotMatch(readBuilt(name), /text-align/);
        }
      },
    );
  },
);

test('public paths that fit nothing are told', { timeout }, () => {
  const list = path.join(copy, 'packages/shared/src/public-paths.ts');
  const text = readFileSync(list, 'utf8');
  try {
    writeFileSync(list, text.replace("'/login',", "'/login', '/secrets/', '/Dashboard',"));
    buildWith({}, ({ ok, output }) => {
      assert.ok(ok, output);
      assert.match(output, /'\/secrets\/' fits nothing of the site\. Write '\/secrets'/);
      assert.match(output, /'\/Dashboard' fits nothing of the site\. Write '\/dashboard'/);
    });
  } finally {
    writeFileSync(list, text);
  }
});

test(
  'links, anchors and footnotes of a lead-in lead to the same place from everywhere',
  { timeout },
  () => {
    const text = `A note,[^a] an [anchor](#main), a [neighbour](./two?b=c), [home](/) and [more](#later).

## Main
${mark}## Later

Another note.[^b]

[^a]: The first note.

[^b]: The second note.
`;
    const section = (/** @type {number} */ order) =>
      `---\ntitle: S${order}\nsummary: A.\norder: ${order}\n---\n\n## Same\n\nA note.[^a]\n\n[^a]: Note.\n`;
    buildWith(
      {
        [`${blog}/one.md`]: article('date: 2026-01-01', text),
        [`${blog}/two.md`]: article('date: 2026-01-02', text),
        'src/content/secrets/s1.md': section(8),
        'src/content/secrets/s2.md': section(9),
      },
      ({ ok, output }) => {
        assert.ok(ok, output);
        const links = [
          '/blog/one#user-content-fn-a',
          '/blog/one#section-main',
          '/blog/two?b=c',
          '/',
          '/blog/one#later',
        ];
        const { items } = JSON.parse(readBuilt('blog/articles.json'));
        const { leadHtml } = items.find(
          (/** @type {{ slug: string }} */ { slug }) => slug === 'one',
        );
        const pages = ['blog.html', 'blog/one.html', 'blog/one/lead-in.html'].map(readBuilt);
        for (const html of [leadHtml, ...pages]) {
          for (const link of links)
            assert.ok(html.includes(`href="${link}"`), `${link} in ${html}`);
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
      },
    );
  },
);
