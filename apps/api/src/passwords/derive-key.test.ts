import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { describe, expect, test } from 'vitest';
import deriveKey, { type DeriveKeyTask, type ScryptEngine } from './derive-key.ts';

const engines: ScryptEngine[] = ['native', 'scrypt-js'];

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/**
 * RFC 7914, section 12. Its fourth vector (N = 2^20, r = 8) needs 1 GiB, more than a small machine
 * has to spare; the settings reach that cost and nobody's default does.
 */
const vectors = [
  {
    password: '',
    salt: '',
    cost: { log2N: 4, r: 1, p: 1 },
    key: '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  },
  {
    password: 'password',
    salt: 'NaCl',
    cost: { log2N: 10, r: 8, p: 16 },
    key: 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  },
  {
    password: 'pleaseletmein',
    salt: 'SodiumChloride',
    cost: { log2N: 14, r: 8, p: 1 },
    key: '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  },
];

describe.each(engines)('the engine %s', (engine) => {
  test.each(vectors)('gives the bytes of RFC 7914 for "$password"', ({ key, salt, ...vector }) => {
    const derived = deriveKey({ engine, ...vector, salt: Buffer.from(salt), keyLength: 64 });
    expect(toHex(derived)).toBe(key);
  });

  // NULs at the very end are another matter: HMAC, inside scrypt, fills a short key up with them.
  // ASVS 6.2.8
  test('takes every byte of a password: none after 72, none after a NUL is lost', () => {
    const derive = (password: string) =>
      toHex(
        deriveKey({
          engine,
          password,
          salt: Buffer.from('salt'),
          cost: { log2N: 4, r: 8, p: 1 },
          keyLength: 32,
        }),
      );
    const passwords = [
      'x'.repeat(72),
      'x'.repeat(73),
      'x'.repeat(255),
      'x'.repeat(256),
      'x',
      'x\0y',
      'x\0z',
      '\0x',
    ];
    expect(new Set(passwords.map(derive)).size).toBe(passwords.length);
  });

  test('works in a worker thread, as the server runs it', async () => {
    const filename = fileURLToPath(new URL('derive-key.ts', import.meta.url));
    const pool = new Piscina<DeriveKeyTask, Uint8Array>({ filename, maxThreads: 1 });
    const [{ key, salt, ...vector }] = vectors.slice(1) as [(typeof vectors)[0]];
    const task = { engine, ...vector, salt: Buffer.from(salt), keyLength: 64 };
    expect(toHex(await pool.run(task))).toBe(key);
    await pool.close();
  });
});

test('both engines give the same bytes for whatever is typed', () => {
  const texts = ['', 'é', 'e\u0301', '密码密码', '👩🏽‍🚀', 'سلام', '\0', 'x'.repeat(300)];
  for (let round = 0; round < 40; round += 1) {
    const random = randomBytes(round * 3).toString(round % 2 ? 'utf8' : 'base64');
    const password = `${texts[round % texts.length]}${random}`;
    const task = {
      password,
      salt: randomBytes(8 + (round % 24)),
      cost: { log2N: 1 + (round % 8), r: 1 + (round % 9), p: 1 + (round % 3) },
      keyLength: 16 + round,
    };
    const [native, portable] = engines.map((engine) => toHex(deriveKey({ ...task, engine })));
    expect(portable).toBe(native);
  }
});

test.each([
  { log2N: 10, r: 32, p: 16 },
  { log2N: 16, r: 8, p: 1 },
  { log2N: 15, r: 8, p: 3 },
  { log2N: 1, r: 1, p: 16 },
])('Node’s engine is given the memory that it needs for $log2N, $r, $p', (cost) => {
  const salt = Buffer.from('s');
  expect(deriveKey({ engine: 'native', password: 'p', salt, cost, keyLength: 32 })).toHaveLength(
    32,
  );
});
