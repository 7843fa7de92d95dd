import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { countBlocks, formatPhcString, parsePhcString } from './phc-string.ts';

const cost = { log2N: 17, r: 8, p: 1 };

describe('a PHC string', () => {
  test('comes back as it was written', () => {
    for (let round = 0; round < 50; round += 1) {
      const hash = { cost, salt: randomBytes(16), key: randomBytes(32) };
      expect(parsePhcString(formatPhcString(hash))).toEqual(hash);
    }
  });

  test('is as others write it', () => {
    const hash = { cost, salt: Buffer.from('saltsaltsaltsalt'), key: Buffer.alloc(32, 0xff) };
    expect(formatPhcString(hash)).toBe(
      '$scrypt$ln=17,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$//////////////////////////////////////////8',
    );
  });

  const good = formatPhcString({ cost, salt: randomBytes(16), key: randomBytes(32) });
  test.each([
    '',
    'password',
    good.slice(1),
    `${good}=`,
    `${good}\n`,
    ` ${good}`,
    good.replace('scrypt', 'argon2id'),
    good.replace('ln=17', 'ln=-1'),
    good.replace('ln=17', 'ln=017'),
    good.replace('r=8,p=1', 'p=1,r=8'),
    good.replace('p=1', 'p='),
    good.replace(/\$[^$]+$/, ''),
    good.replace(/\$[^$]+$/, '$short'),
    good.replace(/\$[^$]+$/, `$${'_'.repeat(43)}`),
    '$2b$12$abcdefghijklmnopqrstuv',
  ])('is not %j', (text) => {
    expect(parsePhcString(text)).toBeNull();
  });
});

test('costs are compared by the blocks they work through', () => {
  expect(countBlocks(cost)).toBe(2 ** 20);
  expect(countBlocks({ log2N: 15, r: 8, p: 4 })).toBe(countBlocks(cost));
});
