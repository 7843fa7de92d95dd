import { expect, test } from 'vitest';
import { generateToken, hashToken } from './secret-token.ts';

// ASVS 7.2.3, 11.5.1
test('a token is 256 bits in text that a cookie takes as it is, and never the same twice', () => {
  const tokens = Array.from({ length: 1000 }, generateToken);
  expect(new Set(tokens).size).toBe(1000);
  for (const token of tokens) {
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  }
});

test('its hash is SHA-256, in lower-case hexadecimal digits', () => {
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
