import bcrypt from 'bcryptjs';
import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { formatPbkdf2 } from './foreign-hash.ts';
import { createPasswordHasher } from './password-hasher.ts';

const salt = Buffer.from('saltsaltsaltsalt');
const hashWithBcrypt = (password: string) => bcrypt.hashSync(password, 4);
const hashWithPbkdf2 = (password: string) =>
  formatPbkdf2('sha512', 10, salt, pbkdf2Sync(password, salt, 10, 64, 'sha512'));

async function verify(stored: string, typed: string) {
  const hasher = createPasswordHasher(parseSettings({ PASSWORD_SCRYPT_LOG2N: '10' }).password);
  const result = await hasher.verify(typed, stored);
  await hasher.close();
  return result;
}

describe('a typing error that an imported hash does not see', () => {
  test.each([
    ['after 72 bytes', hashWithBcrypt('x'.repeat(72) + 'true end'), 'x'.repeat(72) + 'typo'],
    ['after 72 bytes, all left out', hashWithBcrypt('x'.repeat(80)), 'x'.repeat(72)],
    [
      'after 72 bytes in fewer characters',
      hashWithBcrypt('密'.repeat(24) + 'true end'),
      '密'.repeat(24) + 'typo',
    ],
    ['in the middle of the 72nd byte', hashWithBcrypt('é'.repeat(36) + 'a'), 'é'.repeat(36) + 'b'],
    ['after a NUL', hashWithBcrypt('secret'), 'secret\0secret'],
    ['in NULs at the end', hashWithPbkdf2('p'.repeat(70)), 'p'.repeat(70) + '\0'],
  ])('opens %s, and is not made the password', async (_where, stored, typed) => {
    expect(await verify(stored, typed)).toEqual({ isMatch: true, needsRehash: false });
  });

  test.each([
    ['bcrypt of 71 bytes', hashWithBcrypt('x'.repeat(71)), 'x'.repeat(71)],
    ['bcrypt of 70 bytes in 35 characters', hashWithBcrypt('é'.repeat(35)), 'é'.repeat(35)],
    ['PBKDF2 of 300 bytes', hashWithPbkdf2('p'.repeat(300)), 'p'.repeat(300)],
  ])('cannot be there with %s, which is replaced', async (_what, stored, typed) => {
    expect(await verify(stored, typed)).toEqual({ isMatch: true, needsRehash: true });
  });
});
