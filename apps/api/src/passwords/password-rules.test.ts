import { PASSWORD_MIN_LENGTH } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { readCommonPasswords } from './common-passwords.ts';
import { findPasswordFault, listContextWords } from './password-rules.ts';

const common = readCommonPasswords();

describe('the list of common passwords', () => {
  // ASVS 6.2.4, 6.2.12
  test('holds far more than 3,000 that the length rule lets through', () => {
    expect(common.size).toBeGreaterThan(3000);
    for (const password of common) {
      expect(password.length, password).toBeGreaterThanOrEqual(PASSWORD_MIN_LENGTH);
    }
  });

  test('has whole lines, in lower case', () => {
    for (const password of common) expect(password).toMatch(/^[^\r\n]+$/);
    for (const password of common) expect(password).toBe(password.toLowerCase());
  });
});

describe('a new password', () => {
  test.each(['1q2w3e4r5t6y', 'unbelievable', 'UNBELIEVABLE', 'UnBelievable', 'qwertyuiop123'])(
    'is not %s, which is on the list',
    (password) => {
      expect(findPasswordFault(password, [], common)).toBe('common-password');
    },
  );

  test('may begin with one that is on the list', () => {
    expect(findPasswordFault('unbelievable quiet lantern', [], common)).toBeNull();
  });

  const words = listContextWords([
    'Latchkey',
    'members.example',
    'Zoë García',
    'zoe.g@mail.example',
    'zoe-the-great',
    undefined,
  ]);

  test.each([
    'latchkeylatchkey',
    'LatchKey12345',
    'members.example',
    'Zoë García 99',
    'Zoë García 99'.normalize('NFD'),
    'ZOE.G@mail.example',
    'zoe-the-great1',
    'garcíagarcía!',
  ])('is not %s, which is the person’s or the site’s own', (password) => {
    expect(findPasswordFault(password, words, common)).toBe('personal-password');
  });

  test.each([
    'latchkey quiet lantern',
    'quiet lantern zoë',
    'zo zo zo zo zo zo',
    '密码密码密码密码密码密码',
  ])('may be %s', (password) => {
    expect(findPasswordFault(password, words, common)).toBeNull();
  });

  test.each([
    ['Zoë García'.normalize('NFD'), 'zoë garcía 123'],
    ['प्रियांका शर्मा', 'प्रियांका शर्मा1'],
  ])('is not the name %s', (name, password) => {
    expect(findPasswordFault(password, listContextWords([name]), common)).toBe('personal-password');
  });
});
