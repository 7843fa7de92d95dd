import { expect, test } from 'vitest';
import { formatDay, formatLocalTime, formatTime } from './dates.ts';

test.each([
  ['2026-11-21T10:43:59.999Z', '21 November 2026, 10:43 UTC'],
  ['2027-01-01T00:00:00.000Z', '1 January 2027, 00:00 UTC'],
])('%s is written as %s', (iso, text) => {
  expect(formatTime(iso)).toBe(text);
  expect(formatTime(new Date(iso))).toBe(text);
});

test('a day has no time, and is the same everywhere', () => {
  expect(formatDay('2026-11-21')).toBe('21 November 2026');
});

test('a local time is written in the same way, without a zone', () => {
  const local = new Date(2026, 10, 21, 9, 5);
  expect(formatLocalTime(local.toISOString())).toBe('21 November 2026, 09:05');
});
