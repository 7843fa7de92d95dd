// @ts-check
import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { article, blog, openCopy } from './content-copy.mjs';

// Has the build refuse what other people's sites have in them, in a copy of the project.

const timeout = 120_000;
/** @type {ReturnType<typeof openCopy>} */
let site;
before(() => {
  site = openCopy();
});
after(() => site.remove());

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
    site.write(files);
    try {
      const { ok, output } = site.build();
      assert.ok(!ok, output);
      assert.match(output, message);
    } finally {
      for (const file of Object.keys(files)) rmSync(site.at(file));
    }
  });
}

test('the build refuses a link in public that leads nowhere, and names it', { timeout }, () => {
  symlinkSync('/nowhere/at/all', site.at('public/dangling'));
  try {
    const { ok, output } = site.build();
    assert.ok(!ok, output);
    assert.match(output, /dangling/);
  } finally {
    rmSync(site.at('public/dangling'));
  }
});
