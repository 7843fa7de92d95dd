import { expect, test } from 'vitest';
import { reasons } from './reasons.ts';

test('no reason stands twice, and each can be switched on by name', () => {
  expect(new Set(reasons).size).toBe(reasons.length);
  for (const reason of reasons) expect(reason).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
