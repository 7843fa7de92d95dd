import { expect, test } from 'vitest';
import { findIdleKeys } from './check-rules.ts';

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
])('a key %s is named, with %s as what was meant', (entry, meant) => {
  expect(findIdleKeys([entry], paths)).toEqual([
    `  '${entry}' fits nothing of the site. Write '${meant}'.`,
  ]);
});

test('a key that is like nothing is named too', () => {
  expect(findIdleKeys(['/pricing'], paths)[0]).toContain('Take it out');
});

test.each(['/', '/about', '/docs/*', '/docs/api/*', '/plan.pdf', '/\u00fcber'])(
  'a key %s that fits is not named',
  (entry) => {
    expect(findIdleKeys([entry], paths)).toEqual([]);
  },
);
