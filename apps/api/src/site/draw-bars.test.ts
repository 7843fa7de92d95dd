import { expect, test } from 'vitest';
import { drawBars, findTop } from './draw-bars.ts';

test.each([
  [0, 1],
  [1, 1],
  [3, 3],
  [7, 8],
  [9, 10],
  [11, 20],
  [299, 300],
  [2312, 3000],
  [1_000_001, 2_000_000],
])('a picture of at most %i ends at %i', (most, top) => {
  expect(findTop(most)).toBe(top);
});

test('bars stand apart, as high as their numbers, and one of a thousand is seen', () => {
  expect(drawBars([0, 500, 1, 1000], { top: 1000, start: 26, length: 30 })).toBe(
    [
      'M26.12 100V100H26.88V100Z',
      'M27.12 100V50H27.88V100Z',
      'M28.12 100V98.5H28.88V100Z',
      'M29.12 100V0H29.88V100Z',
    ].join(''),
  );
});

test('many bars are one outline', () => {
  expect(drawBars([5, 10], { top: 10, start: 363, length: 365 })).toBe(
    'M363 100V50H364V0H365V100Z',
  );
});
