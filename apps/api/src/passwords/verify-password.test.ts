import { afterEach, describe, expect, test, vi } from 'vitest';
import * as derive from './derive-key.ts';
import { formatPhcString } from './phc-string.ts';
import { parseStoredHash } from './stored-hash.ts';
import verifyPassword from './verify-password.ts';

vi.mock('./derive-key.ts', { spy: true });

const cost = { log2N: 10, r: 8, p: 1 };
const password = 'correct horse battery';
const salt = Buffer.from('abcdEFGH12345678');
const keyOf = (log2N: number) =>
  derive.default({ engine: 'native', password, salt, cost: { ...cost, log2N }, keyLength: 32 });
const own = (log2N: number) =>
  formatPhcString({ cost: { ...cost, log2N }, salt, key: keyOf(log2N) });

const stored = {
  'our own cost': own(10),
  'an older cost': own(4),
  bcrypt: '$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.',
  PBKDF2: '$pbkdf2-sha1$i=1000$c2FsdHNhbHRzYWx0$bXetuqXv3xEiqmlwhuj1G8h56R4',
};

const verify = (hash: string | null, typed: string, mayOpen = true, failureMs = 100) =>
  verifyPassword({
    engine: 'native',
    password: typed,
    hash: hash === null ? null : parseStoredHash(hash),
    cost,
    mayOpen,
    failureMs,
  });

/** Slices of scrypt that were worked through to fill up. */
function countSlices(): number {
  return vi.mocked(derive.default).mock.calls.filter(([task]) => task.cost.log2N === 8).length;
}

afterEach(() => vi.mocked(derive.default).mockClear());

describe.each(Object.entries(stored))('with a hash of %s', (_name, hash) => {
  test('a failure goes on until it has used its time', () => {
    expect(verify(hash, 'wrong').isMatch).toBe(false);
    expect(countSlices()).toBeGreaterThan(5);
  });

  test('a failure that needed its time itself ends', () => {
    expect(verify(hash, 'wrong', true, 0).isMatch).toBe(false);
    expect(countSlices()).toBe(0);
  });

  test('a success is answered at once, but not where it opens nothing', () => {
    expect(verify(hash, password).isMatch).toBe(true);
    expect(countSlices()).toBe(0);
    expect(verify(hash, password, false).isMatch).toBe(true);
    expect(countSlices()).toBeGreaterThan(5);
  });
});

test('without an account it works through one hash of our own, and fills up too', () => {
  expect(verify(null, 'wrong').isMatch).toBe(false);
  expect(vi.mocked(derive.default).mock.calls[0]?.[0].cost).toEqual(cost);
  expect(countSlices()).toBeGreaterThan(5);
});
