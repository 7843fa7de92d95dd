import { expect, test } from 'vitest';
import { readEmail } from './email-address.ts';
import { describeEmailDomains, isEmailDomainAllowed } from './email-domains.ts';

/** As a registration reads an address, and then looks at its domain. */
function isTaken(typed: string, allowed: string[]): boolean {
  const read = readEmail(typed);
  return 'email' in read && isEmailDomainAllowed(read.email, allowed);
}

test.each([
  'ada@example.org',
  'ada@EXAMPLE.org',
  ' ada@example.org ',
  'ada@ｅxample.org',
  '"a@evil.com"@example.org',
  'ada+tag@example.org',
])('%s is of example.org', (typed) => {
  expect(isTaken(typed, ['example.org'])).toBe(true);
});

test.each([
  'a@evil.com@example.org',
  'ada@example.org.evil.com',
  'ada@evil.com.',
  'ada@evilexample.org',
  'ada@sub.example.org',
  '"ada@example.org"@evil.com',
  'ada@example.org(@evil.com)',
  'ada@evil.com(@example.org)',
  'ada@evil.com\0@example.org',
  'ada@evil.com\n@example.org',
  'ada%example.org@evil.com',
  'ada@[127.0.0.1]',
  'ada@exаmple.org', // with a Cyrillic а
  'ada@xn--exmple-4uf.org',
])('%j is not', (typed) => {
  expect(isTaken(typed, ['example.org'])).toBe(false);
});

test('a star stands for what is below a domain, and not for the domain', () => {
  expect(isTaken('ada@cs.example.org', ['*.example.org'])).toBe(true);
  expect(isTaken('ada@a.b.example.org', ['*.example.org'])).toBe(true);
  for (const typed of ['ada@example.org', 'ada@evilexample.org', 'ada@cs.example.org.evil.com']) {
    expect([typed, isTaken(typed, ['*.example.org'])]).toEqual([typed, false]);
  }
});

test('a domain in another script is compared as mail carries it', () => {
  expect(isTaken('ada@EXÄMPLE.de', ['xn--exmple-cua.de'])).toBe(true);
});

test('without a list every domain will do', () => {
  expect(isTaken('ada@anything.example', [])).toBe(true);
});

test('a list is told in words', () => {
  expect(describeEmailDomains(['example.org'])).toBe('example.org');
  expect(describeEmailDomains(['example.org', 'b.example', '*.c.example'])).toBe(
    'example.org, b.example or any domain below c.example',
  );
});
