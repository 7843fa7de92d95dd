import { afterEach, describe, expect, test, vi } from 'vitest';
import { deleteAccountInput, updateInput } from './account-inputs.ts';
import { loginInput, registerInput } from './auth-inputs.ts';
import { collectFieldErrors } from './field-errors.ts';

const BODY_LIMIT = 32_768;
const texts = {
  'marks in turn': '\u0323\u0301'.repeat(BODY_LIMIT / 4),
  'marks of five classes': '\u0315\u0300\u05ae\u0345\u031b'.repeat(BODY_LIMIT / 10),
  'notes that grow': '\u{1d15f}'.repeat(BODY_LIMIT / 4),
  'digits and brackets': '(1'.repeat(BODY_LIMIT / 2),
  'an address without an end': `a@${'a.'.repeat(BODY_LIMIT / 2 - 2)}`,
};
const fields = [
  ['name', registerInput, 'A name has at most 80 characters.'],
  ['name', updateInput, 'A name has at most 80 characters.'],
  ['email', registerInput, 'An email address has at most 254 characters.'],
  ['email', deleteAccountInput, 'An email address has at most 254 characters.'],
  ['username', registerInput, 'A username has at most 30 characters.'],
  ['password', registerInput, 'A password has at most 256 characters.'],
  ['identifier', loginInput, 'An email or username has at most 254 characters.'],
  ['password', loginInput, 'A password has at most 1024 characters.'],
  ['currentPassword', deleteAccountInput, 'A password has at most 1024 characters.'],
] as const;

afterEach(() => vi.restoreAllMocks());

describe.each(fields)('the field %s', (field, input, sentence) => {
  test.each(Object.entries(texts))('is not normalized when it is full of %s', (_name, text) => {
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const parsed = input.safeParse({ [field]: text });
    expect(parsed.success).toBe(false);
    expect(collectFieldErrors(parsed.error?.issues ?? [])[field]).toEqual([sentence]);
    for (const { length } of normalize.mock.contexts as string[]) {
      expect(length).toBeLessThan(2048);
    }
  });
});

test('Every character that is typed in parts has its room', () => {
  const name = `a${'\u{16126}'.repeat(6)}`.repeat(11);
  expect(updateInput.parse({ name: name.normalize('NFD') }).name).toBe(name.normalize('NFC'));
});
