import { expect, test } from 'vitest';
import { readUntil } from './read-until.ts';

test.each([
  ['2999-12-31', '3000-01-01T00:00:00.000Z'],
  ['2996-02-29', '2996-03-01T00:00:00.000Z'],
  ['2999-12-31T18:00Z', '2999-12-31T18:00:00.000Z'],
  ['2999-12-31T18:00:30+02:00', '2999-12-31T16:00:30.000Z'],
])('%s ends at %s', (text, end) => {
  expect(readUntil(text).toISOString()).toBe(end);
});

test.each(['2999-02-31', '31.12.2999', '2999-12-31T18:00', 'tomorrow', '', '2999-13-01'])(
  '%j is refused, with how to write it',
  (text) => {
    expect(() => readUntil(text)).toThrow('such as 2026-12-31');
  },
);

test('a day that is over is refused', () => {
  expect(() => readUntil('2020-01-01')).toThrow('2020-01-01 is over already');
});
