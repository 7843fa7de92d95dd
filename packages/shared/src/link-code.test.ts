import { describe, expect, test } from 'vitest';
import { findLinkCode } from './link-code.ts';

const code = 'Ab3-dEf_hIjKlMnOpQrStUvWxYz0123456789AbCdEf';
const link = `https://site.example/reset-password#token=${code}`;
const half = `${code.slice(0, 20)}\n${code.slice(20)}`;

describe('the code of a link', () => {
  test.each([
    code,
    link,
    `#token=${code}`,
    ...['.', ',', ')', ']', '>', '›', '»', '"', '”', '’', '…', '!', '_', '*', '-', '/'].map(
      (sign) => link + sign,
    ),
    ...['(', '[', '<', '‹', '«', '"', '“', '*', '_'].map((sign) => sign + link),
    `${link}.\n\nIt works once, until 10:46.`,
    `${link}&utm_source=newsletter-of-november-twenty-six-and-more-of-it`,
    `${link}?utm_source=x`,
    link.replace('#', '%23'),
    link.replace('#', '%2523'),
    link.replace('#token=', '#token%3D'),
    link.replace('#token=', '#token=3D'),
    link.replace('https', 'HTTPS').replace('#token', '#TOKEN'),
    link.replace('#', '/#'),
    link.replace('#token=', '?token='),
    link.replace('token', 'code'),
    `\u200b${link}\u200b`,
    `${link}\ufeff`,
    `${link}%E2%80%8B`,
    `${link}%`,
    link.replace(code, half),
    link.replace(code, half.replace('\n', '\r\n')),
    link.replace(code, half.replace('\n', '=\n')),
    link.replace(code, half.replace('\n', '=')),
    link.replace(code, half.replace('\n', '\n> ')),
    link.replace(code, half.replace('\n', '%0A')),
    link.replace(code, half.replace('\n', '\u00ad')),
    `${link.replace(code, half)} Please use it soon.`,
    half,
    ` ${code}\n`,
    `Reset code: ${code}.`,
    `<a href="${link}">${link}</a>`,
  ])('is found in %j', (text) => {
    expect(findLinkCode(text)).toBe(code);
  });

  test('is found where it begins like an equals sign of quoted-printable', () => {
    const other = `3D${code.slice(2)}`;
    expect(findLinkCode(`#token=${other}`)).toBe(other);
    expect(findLinkCode(`#token=3D${other}`)).toBe(other);
  });

  test.each([
    '',
    ' ',
    '#token=',
    link.slice(0, -1),
    link.slice(0, -20),
    `${link.slice(0, -9)}…`,
    `${link.slice(0, -3)}&utm_source=newsletter`,
    `${link.slice(0, -3)} is the link`,
    code.slice(1),
    'https://site.example/reset-password',
    'what is a code',
    `x${code}`,
  ])('is not found in %j', (text) => {
    expect(findLinkCode(text)).toBeNull();
  });
});
