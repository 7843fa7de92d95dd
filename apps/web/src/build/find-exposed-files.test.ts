import { expect, test } from 'vitest';
import { listBundledFiles } from './find-exposed-files.ts';

test.each([
  ['an image', '<img src="/_astro/plan.a1.png" alt="">'],
  ['a choice of sizes', '<img srcset="/_astro/plan.a1.png 1x, /_astro/plan.a1.png 2x" alt="">'],
  ['a link', '<a href="/_astro/plan.a1.png">Plan</a>'],
])('a page brings a file along by %s', (_what, html) => {
  expect(listBundledFiles(`<main>${html}</main>`)).toEqual(['_astro/plan.a1.png']);
});

test.each([
  ['is marked as public', '<figure data-public><img src="/_astro/plan.a1.png" alt=""></figure>'],
  ['stands behind the gate', '<img src="/handbook/plan.png" alt="">'],
  ['is a program or a style', '<script src="/_astro/plan.c3.js"></script>'],
])('a page exposes no file that %s', (_what, html) => {
  expect(listBundledFiles(`<main>${html}</main>`)).toEqual([]);
});
