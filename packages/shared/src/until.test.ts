import { expect, test } from 'vitest';
import { messages } from './messages.ts';
import { parseUntil, role, until } from './until.ts';

test.each([
  ['2999-12-31', '3000-01-01T00:00:00.000Z'],
  ['2996-02-29', '2996-03-01T00:00:00.000Z'],
  ['2999-12-31T18:00Z', '2999-12-31T18:00:00.000Z'],
  ['2999-12-31T18:00:30+02:00', '2999-12-31T16:00:30.000Z'],
])('%s ends at %s', (text, end) => {
  expect(parseUntil(text)?.toISOString()).toBe(end);
  expect(until.parse(` ${text}`).toISOString()).toBe(end);
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
  '2'.repeat(300),
])('%j is no end, and the form says how to write one', (text) => {
  expect(parseUntil(text)).toBeNull();
  const { error } = until.safeParse(text);
  expect(error?.issues.map(({ message }) => message)).toEqual([messages['invalid-until']]);
});

test.each([
  [' gold ', true],
  ['No Role', false],
  ['', false],
  ['a'.repeat(300), false],
])('the role %j is right: %s', (text, isRight) => {
  expect(role.safeParse(text).success).toBe(isRight);
});
