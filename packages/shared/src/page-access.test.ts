import { expect, test } from 'vitest';
import {
  findContradiction,
  findPageAccess,
  isNotIndexed,
  readAccessMark,
  readFrontMatterAccess,
  writeAccessMark,
} from './page-access.ts';

const page = (words: string) => `<head><meta name="latchkey-access" content="${words}"></head>`;

test.each([
  ['members', 'members'],
  ['public', 'public'],
  ['gold', ['gold']],
  ['gold, silver', ['gold', 'silver']],
  [
    ['gold', 'silver'],
    ['gold', 'silver'],
  ],
  [undefined, null],
  [null, null],
] as const)('front matter that says %j', (value, access) => {
  expect(readFrontMatterAccess(value, 'a.md')).toEqual(access);
});

test.each(['', 'Gold', 'gold!', [], [1], true, 7, { gold: true }, ['gold', '']])(
  'front matter that says %j is refused, with the file',
  (value) => {
    expect(() => readFrontMatterAccess(value, 'src/pages/a.md')).toThrow(/^src\/pages\/a\.md: /);
  },
);

test.each(['members', 'public', ['gold'], ['gold', 'silver']] as const)(
  'what a page says of itself is read again: %j',
  (access) => {
    expect(readAccessMark(page(writeAccessMark(access)))).toEqual(access);
  },
);

test.each([
  '<meta name=latchkey-access content=gold>',
  "<META content='gold' NAME='latchkey-access' />",
  '<meta\n  data-x=">"\n  name = "latchkey-access"\n  content = gold>',
])('the mark is read as minifiers write it: %j', (html) => {
  expect(readAccessMark(`<meta name=robots content=noindex>${html}`)).toEqual(['gold']);
});

test('a page that says nothing is for members, and the rules go before what it says', () => {
  expect(findPageAccess('/a-page', '')).toBe('members');
  expect(findPageAccess('/a-page', page('silver'))).toEqual(['silver']);
  expect(findPageAccess('/a-page', page(''))).toEqual([]);
  expect(findPageAccess('/gold', page('public'))).toEqual(['gold']);
  expect(findPageAccess('/login', page('gold'))).toBe('public');
});

test('a page and a rule that say different things are found', () => {
  expect(findContradiction('/gold', 'members')?.key).toBe('/gold/*');
  expect(findContradiction('/download/gold/a.pdf', ['operator', 'gold'])).toBeNull();
  expect(findContradiction('/a-page', ['gold'])).toBeNull();
});

test.each([
  ['<meta name="robots" content="noindex">', true],
  ['<meta content=noindex,follow name=robots>', true],
  ["<META NAME='robots' CONTENT='NONE'>", true],
  ['<meta name="robots" content="index, follow">', false],
  ['<meta name="description" content="robots noindex">', false],
  ['<p>noindex robots</p>', false],
])('of %s it is known whether search engines leave the page out', (html, isLeftOut) => {
  expect(isNotIndexed(html)).toBe(isLeftOut);
});
