import { describe, expect, test } from 'vitest';
import { parseSettings } from '../settings/settings.ts';
import { importHash } from './import-hash.ts';
import { createPasswordHasher } from './password-hasher.ts';

const password = 'correct horse battery';

/** Made by other programs: Werkzeug and Passlib themselves, Python's hashlib in its and Django's forms, libxcrypt. */
const fromElsewhere = {
  'Werkzeug pbkdf2:sha256':
    'pbkdf2:sha256:1000$vC1tjLcPvhc3JXG4$d2961dcf416ab62ecb80e0deebd0070912521940546fc0ca3392ebfc07fcbec3',
  'Werkzeug pbkdf2:sha512':
    'pbkdf2:sha512:1000$abcdEFGH12345678$b7c1380b9050d36ed5387e6e8e776c8175d6c3cad32009193cbef1dca26b81922fe8863e705436c265973306764a82f088218bb5e629759dad94d3b5385bf523',
  'Werkzeug scrypt':
    'scrypt:1024:8:1$abcdEFGH12345678$735ae27c953e7b39962996ea5265752ee8cc9e973f17c71fe08f001cd04ca4d89d8e54a54d7e281a510ee18ac4d9aea5de3d607df66846b338584cf83ba29ba1',
  'Django pbkdf2_sha256':
    'pbkdf2_sha256$1000$saltsaltsalt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=',
  'Django pbkdf2_sha1': 'pbkdf2_sha1$1000$saltsaltsalt$bXetuqXv3xEiqmlwhuj1G8h56R4=',
  'Django scrypt':
    'scrypt$saltsaltsalt$1024$8$1$efPjhLsc6g6F87C4r8JW+Ndthiq2j1fCZEA8arGU0o3/TjGA65EPRYx1wTd/gdXDlUret5ZYlZXfFAAA26fydg==',
  'Passlib pbkdf2_sha256':
    '$pbkdf2-sha256$1000$KaXUei8F4DwHYIxRSgmh9A$VWq5/TLaQPwoLZvxyS.5ZS6nv9whsoAZaFwnLlhMh8w',
  'Passlib pbkdf2_sha512':
    '$pbkdf2-sha512$1000$11pLyZlTqlXq/d/731trzQ$YqaLkj48r.Nu2.86sCsQQEdLRLo5uOpnLAEmWvAe8GJweiYXgqGNTf5c.mt9RVTsk4LLE55fYyuHtcqEutrLNA',
  'Passlib pbkdf2_sha1': '$pbkdf2$1000$h/CekzLmHONci9H6X2uN0Q$YZUa0yq.eRqMVWOPtQskVF2glec',
  bcrypt: '$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.',
  'Django bcrypt': 'bcrypt$$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.',
};

function openHasher() {
  const hasher = createPasswordHasher(parseSettings({ PASSWORD_SCRYPT_LOG2N: '12' }).password);
  return Object.assign(hasher, { [Symbol.asyncDispose]: () => hasher.close() });
}

function expectStored(text: string): string {
  const imported = importHash(text);
  if ('reason' in imported) throw new Error(imported.reason);
  return imported.stored;
}

describe('a hash of another program', () => {
  test.each(Object.entries(fromElsewhere))(
    '%s is kept, opens for its password alone, and asks to be replaced',
    async (_name, text) => {
      await using hasher = openHasher();
      const stored = expectStored(text);
      expect(stored).toMatch(/^\$.{1,254}$/);
      expect(importHash(stored)).toEqual({ stored });
      expect(await hasher.verify(password, stored)).toEqual({ isMatch: true, needsRehash: true });
      expect(await hasher.verify(`${password}.`, stored)).toEqual({
        isMatch: false,
        needsRehash: false,
      });
    },
  );

  test.each([
    ['', 'there is no password hash'],
    ['hunter2', 'form that is not known'],
    ['md5$salt$0123456789abcdef', 'form that is not known'],
    ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaA', 'form that is not known'],
    ['bcrypt_sha256$$2b$12$abc', 'form that is not known'],
    ['!s0meRandomText', 'without a password'],
    ['pbkdf2:sha256:1000$salt$c6b857', 'damaged'],
    ['pbkdf2_sha256$99999999$salt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=', 'cost'],
    ['scrypt:1000:8:1$saltsalt$735ae27c953e7b39962996ea5265752e', 'cost'],
    ['$scrypt$ln=26,r=8,p=1$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHNhbHQ', 'cost'],
    ['$scrypt$ln=0,r=8,p=1$c2FsdHNhbHRzYWx0$c2FsdHNhbHRzYWx0c2FsdHNhbHQ', 'cost'],
    ['$2b$31$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.', 'cost'],
    ['$2b$05$tooshort', 'damaged'],
  ])('%j is refused, and not repeated', (text, why) => {
    const imported = importHash(text);
    expect(imported).toEqual({ reason: expect.stringContaining(why) as string });
    if (text) expect(JSON.stringify(imported)).not.toContain(text);
  });
});

test('a failure against a cheap foreign hash takes about the work of one against none', async () => {
  const settings = parseSettings({ PASSWORD_SCRYPT_LOG2N: '15', PASSWORD_CONCURRENCY: '1' });
  const hasher = createPasswordHasher(settings.password);
  // Of the processors and not of the clock, which goes on while others have them.
  const measureWork = async (stored: string | null) => {
    const before = process.cpuUsage();
    await hasher.verify('wrong', stored);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const stored = expectStored(fromElsewhere['Werkzeug pbkdf2:sha256']);
  await measureWork(null);
  await measureWork(stored);
  const ratios: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    ratios.push((await measureWork(stored)) / (await measureWork(null)));
  }
  await hasher.close();
  // The median of pairs: other work on the machine meets both alike.
  const median = ratios.sort((one, other) => one - other)[3];
  expect(median).toBeGreaterThan(0.6);
  expect(median).toBeLessThan(1.6);
});
