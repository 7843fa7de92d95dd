import { expect, test } from 'vitest';
import { guardCell, readCell } from './csv-cells.ts';

const signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

test.each(signs)('A cell that starts with %j is text to a spreadsheet', (sign) => {
  expect(guardCell(`${sign}HYPERLINK("x")`)).toBe(`'${sign}HYPERLINK("x")`);
  expect(guardCell(`Ada;${sign}1`)).toBe(`Ada;'${sign}1`);
});

test.each([
  '',
  'Ada',
  "'",
  "'Ada",
  "O'Brien",
  'a=b',
  'a - b',
  ...signs.flatMap((sign) => [
    ...[sign, `${sign}1`, `'${sign}`, `''${sign}`, `${sign}${sign}`, `${sign}'${sign}`],
    ...[`;${sign}`, `;'${sign}`, `${sign};${sign}`, `';${sign}`, `;;''${sign};`],
  ]),
])('%j is read back as it was', (text) => {
  expect(readCell(guardCell(text))).toBe(text);
});

test('so is whatever else is made of these signs', () => {
  const all = [...signs, "'", ';', 'a'];
  for (let number = 0; number < all.length ** 3; number += 1) {
    const text = [0, 1, 2].map(
      (place) => all[Math.floor(number / all.length ** place) % all.length],
    );
    expect(readCell(guardCell(text.join('')))).toBe(text.join(''));
  }
});
