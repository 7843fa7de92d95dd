import { expect, test } from 'vitest';
import { describeTrend } from './describe-trend.ts';

const count = (...values: number[]) =>
  values.map((value, index) => ({ day: `2026-11-0${index + 1}`, value }));

test.each([
  [count(1, 1000, 300, 2000), 'Rising: 2,300 in the last 2 days, 1,001 in the 2 before.'],
  [count(0, 0, 0, 2000), 'Rising: 2,000 in the last 2 days, 0 in the 2 before.'],
  [count(2000, 5, 0, 0), 'Falling: 0 in the last 2 days, 2,005 in the 2 before.'],
  [count(2000, 5, 5, 2000), 'Level: 2,005 in the last 2 days, 2,005 in the 2 before.'],
  [count(2000, 5, 5, 1900), 'Level: 1,905 in the last 2 days, 2,005 in the 2 before.'],
  // An odd number of days leaves the oldest out.
  [count(2000, 1, 2, 3, 4), 'Rising: 7 in the last 2 days, 3 in the 2 before.'],
])('the trend of %j', (counted, trend) => {
  expect(describeTrend(counted, counted.length)).toContain(` a day (`);
  expect(describeTrend(counted, counted.length).endsWith(` ${trend}`)).toBe(true);
});

test('days that were not counted are no trend', () => {
  expect(describeTrend(count(1, 2), 30)).toBe('3 in all, at most 2 a day (2 November 2026).');
  expect(describeTrend(count(0, 0), 2)).toBe('None.');
});
