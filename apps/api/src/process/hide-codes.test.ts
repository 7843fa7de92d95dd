import { describe, expect, test } from 'vitest';
import { describePath, hideCodes } from './hide-codes.ts';
import { generateToken } from '../tokens/secret-token.ts';

const code = 'Ab3-dEf_hIjKlMnOpQrStUvWxYz0123456789AbCdEf';
const escapeAll = (text: string) =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
const widen = (text: string) =>
  text.replace(/\w/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

/** What is left of a text when only letters and digits count, in one case. */
const squeeze = (text: string) => text.toLowerCase().replace(/[^a-z\d]/g, '');

describe('the path of an address that may hold a code', () => {
  test.each([
    `/${code}`,
    `/${code}.xml`,
    `/feeds/${code}.xml`,
    `/fed/${code}.xml`,
    `/rss/${code}`,
    `/blog/feed/${code}.xml`,
    `/reset-password/${code}`,
    `/reset-password%23token=${code}`,
    `/reset-password%2523token%253D${code}`,
    `/reset-password;token=${code}`,
    `/reset-password&token=${code}`,
    `/Reset-Password%20${code}.`,
    `/login&next=/feed/${code}.xml`,
    `/f/${code.slice(0, 20)}/${code.slice(20)}.xml`,
    `/f/${code.slice(0, 20)}%0A${code.slice(20)}`,
    `/f/${code.slice(0, 15)}%20${code.slice(15, 30)}=%0D%0A${code.slice(30)}`,
    `/f/${code.split('').join('.')}`,
    `/f/${code.split('').join('%E2%80%8B')}`,
    `/f/${code.toUpperCase()}`,
    `/f/${code.toLowerCase()}`,
    `/f/${escapeAll(code)}`,
    `/f/${escapeAll(escapeAll(code))}`,
    `/f/${encodeURIComponent(widen(code))}`,
    `/f/${code}%`,
    `/f/%C3${code}`,
    `\\f\\${code}`,
    `http://site.example/${code}`,
    code,
    `/${'x/'.repeat(600)}${code}`,
    `/${'%25'.repeat(9)}41${code}`,
  ])('is cut before it: %s', (url) => {
    expect(squeeze(describePath(url))).not.toContain(squeeze(code).slice(5, 15));
    expect(squeeze(decodeURIComponent(describePath(url).replaceAll('%C3', '')))).not.toContain(
      squeeze(code).slice(5, 15),
    );
    expect(describePath(url)).toMatch(/^[a-z/-]*…$/);
  });

  test('is cut for whatever code it is', () => {
    for (let round = 0; round < 2000; round += 1) {
      const drawn = generateToken();
      for (const spelling of [drawn, drawn.toLowerCase(), drawn.toUpperCase()]) {
        expect(describePath(`/feeds/${spelling}.xml`), spelling).toBe('/feeds/…');
      }
    }
  });

  // ASVS 14.2.1
  test('has no query and no fragment', () => {
    expect(describePath(`/login?next=${code}`)).toBe('/login');
    expect(describePath(`/reset-password#token=${code}`)).toBe('/reset-password');
  });
});

test.each([
  '/',
  '/blog/how-a-session-ends-and-what-a-browser-does-of-it-then',
  '/blog/2026-11-21-a-z-of-css-in-js',
  '/trpc/account.changePassword,sessions.revokeOthers,auth.requestPasswordReset',
  '/_astro/Base.astro_astro_type_script_index_0_lang.BxY3k9aZ.js',
  '/download/cheat-sheet.pdf',
  '/.well-known/change-password',
  '/images/IMG_20260506_123456.jpeg',
  '/caf%C3%A9',
  '/%D8%AF%D8%B1%D8%A8%D8%A7%D8%B1%D9%87-%D9%85%D8%A7',
  '/nowhere/%00',
])('The path of an address that holds none is logged as it came: %s', (url) => {
  expect(describePath(url)).toBe(url);
});

describe('a line of the log', () => {
  test('loses what may be a code, wherever it stands, and stays JSON', () => {
    const line = JSON.stringify({
      err: {
        message: `ENOENT '/feed/${code}.xml'`,
        stack: `Error\n${code}\n\\${code}\u0001${code}`,
      },
      [code]: code,
      userId: '4f9ad1be-7d3e-4b1c-9a52-0f6f2a7f1c11',
    });
    const hidden = hideCodes(line);
    expect(hidden).not.toContain(code);
    expect(JSON.parse(hidden)).toEqual({
      err: { message: "ENOENT '/feed/….xml'", stack: 'Error\n…\n\\…\u0001…' },
      '…': '…',
      userId: '4f9ad1be-7d3e-4b1c-9a52-0f6f2a7f1c11',
    });
  });
});
