import { expect, test } from 'vitest';
import { isRepeated } from './is-repeated.ts';

test.each([
  ' '.repeat(12),
  '\u00a0\u3000\u2800\u200b'.repeat(4),
  'x'.repeat(12),
  'é'.repeat(12),
  'e\u0301'.repeat(12),
  '😀'.repeat(12),
  '👩🏽‍🚀'.repeat(12),
  'aaaa aaaa aaaa',
  'a           ',
  'a\u200ba\u200ba\u200ba\u200ba\u200ba\u200b',
])('%j is no password', (password) => {
  expect(isRepeated(password)).toBe(true);
});

test.each([
  'aaaaaaaaaaab',
  'quiet lantern river',
  'lantern lantern lantern',
  'abababababab',
  '😀😀😀😀😀😀😀😀😀😀😀🎈',
  'correcthorse',
])('%j is one', (password) => {
  expect(isRepeated(password)).toBe(false);
});
