import { expect, test, vi } from 'vitest';
import * as derive from './derive-key.ts';
import { parseForeignHash } from './foreign-hash.ts';
import verifyForeign from './verify-foreign.ts';

vi.mock('./derive-key.ts', { spy: true });

const hash = parseForeignHash(
  '$pbkdf2-sha256$i=1$c2FsdHNhbHRzYWx0$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI',
);

test('a failure works through eight slices of scrypt less what it has done', () => {
  if (!hash) throw new Error('The hash is not read.');
  const cost = { log2N: 15, r: 8, p: 1 };
  expect(verifyForeign({ engine: 'native', password: 'wrong', hash, cost })).toBe(false);
  const calls = vi.mocked(derive.default).mock.calls.map(([task]) => task.cost);
  expect(new Set(calls.map(({ log2N }) => log2N))).toEqual(new Set([12]));
  expect(calls.length).toBeGreaterThanOrEqual(7);
  expect(calls.length).toBeLessThanOrEqual(8);
});
