import { expect, test } from 'vitest';
import { parseUntil } from './parse-until.ts';

test.each([
  ['2999-12-31', '3000-01-01T00:00:00.000Z'],
  ['2996-02-29', '2996-03-01T00:00:00.000Z'],
  ['2999-12-31T18:00Z', '2999-12-31T18:00:00.000Z'],
  ['2999-12-31T18:00:30+02:00', '2999-12-31T16:00:30.000Z'],
])('%s ends at %s', (text, end) => {
  expect(parseUntil(text).toISOString()).toBe(end);
});

test.each([
  '2999-02-31',
  '2999-02-31T10:00Z',
  '2020-01-01',
  '31.12.2999',
  '2999-12-31T18:00',
  'tomorrow',
  '',
  '2999-13-01',
])('%j is refused, with how to write it', (text) => {
  expect(() => parseUntil(text)).toThrow('such as 2026-12-31');
});
