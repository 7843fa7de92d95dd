import { expect, test } from 'vitest';
import { hasEachWord } from './search-match.ts';

const text = 'The café keeps happy studies, skeleton-keys and addHTMLFile. Éa a pr rest.';

test.each([
  'studies',
  'study',
  'STUDYING',
  'happiness',
  'cafe',
  'Café',
  'key',
  'skeleton keys',
  'file',
  'a',
  'stu',
  '"happy studies"',
  '',
  '–',
  '鍵',
])('a page has %j', (query) => {
  expect(hasEachWord(text, query)).toBe(true);
});

test.each(['almanac', 'practice', 'restaurant', 'happy almanac', 'xyz', 'kei'])(
  'a page does not have %j',
  (query) => {
    expect(hasEachWord(text, query)).toBe(false);
  },
);
