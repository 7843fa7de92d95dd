import { expect, test } from 'vitest';
import { findExposedFiles } from './find-exposed-files.ts';

const file = 'src/pages/plan.astro';
const home = { name: 'index.html', text: '<img src="/_astro/house.b2.png">' };

test.each([
  ['an image', '<img src="/_astro/plan.a1.png" alt="">'],
  ['a choice of sizes', '<img srcset="/_astro/house.b2.png 1x, /_astro/plan.a1.png 2x" alt="">'],
  ['a link', '<a href="/_astro/plan.a1.png">Plan</a>'],
])('a file of a private page alone is exposed by %s', (_what, html) => {
  expect(findExposedFiles([{ file, text: `<main>${html}</main>` }], [home])).toEqual([
    { file, publicFile: '_astro/plan.a1.png' },
  ]);
});

test.each([
  ['a public page shows too', '<img src="/_astro/house.b2.png" alt="">'],
  ['is marked as public', '<figure data-public><img src="/_astro/plan.a1.png" alt=""></figure>'],
  ['stands behind the gate', '<img src="/handbook/plan.png" alt="">'],
  ['is a program or a style', '<script src="/_astro/plan.c3.js"></script>'],
])('a file is not exposed that %s', (_what, html) => {
  expect(findExposedFiles([{ file, text: `<main>${html}</main>` }], [home])).toEqual([]);
});
