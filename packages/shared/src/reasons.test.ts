import { expect, test } from 'vitest';
import { reasons } from './reasons.ts';

test('no reason stands twice', () => {
  expect(new Set(reasons).size).toBe(reasons.length);
});

test.each(reasons)('%s is in lower case, with hyphens', (reason) => {
  expect(reason).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
