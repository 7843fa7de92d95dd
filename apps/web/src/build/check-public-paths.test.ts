import { expect, test } from 'vitest';
import { findIdleEntries } from './check-public-paths.ts';

const paths = [
  '/',
  '/about',
  '/imprint',
  '/docs',
  '/docs/start',
  '/docs/api/list',
  '/plan.pdf',
  '/u\u0308ber',
];

test.each([
  ['/about/', '/about'],
  ['/imprint.html', '/imprint'],
  ['/About', '/about'],
  ['about', '/about'],
  ['/abuot', '/about'],
  ['/about/index.html', '/about'],
  ['/index.html', '/'],
  ['/docs*', '/docs/*'],
  ['/docs/**', '/docs/*'],
  ['docs/*', '/docs/*'],
  ['/Docs/*', '/docs/*'],
  ['/docs/api*', '/docs/api/*'],
  ['/plan.PDF', '/plan.pdf'],
])('an entry %s is named, with %s as what was meant', (entry, meant) => {
  expect(findIdleEntries([entry], paths)).toEqual([
    `  '${entry}' fits nothing of the site. Write '${meant}'.`,
  ]);
});

test('an entry that is like nothing is named too', () => {
  expect(findIdleEntries(['/pricing'], paths)[0]).toContain('Take it out');
});

test.each(['/', '/about', '/docs/*', '/docs/api/*', '/plan.pdf', '/\u00fcber'])(
  'an entry %s that fits is not named',
  (entry) => {
    expect(findIdleEntries([entry], paths)).toEqual([]);
  },
);
