import { describe, expect, test } from 'vitest';
import { readEmail, readIdentifier } from './email-address.ts';

const read = (text: string) => {
  const result = readEmail(text);
  return 'email' in result ? result.email : result.fault;
};
const idn = 'ada@xn--exmple-cua.de';

describe('an email address has one form', () => {
  test.each([
    ['Ada@example.com', 'Ada@example.com'],
    ['Ada@EXAMPLE.Com', 'Ada@EXAMPLE.Com'],
    ['ada@exämple.de', idn],
    ['ada@EXÄMPLE.DE', idn],
    ['ada@exa\u0308mple.de', idn],
    ['ada@xn--exmple-cua.de', idn],
    ['ada@XN--EXMPLE-CUA.de', idn],
    ['ada@exämple。de', idn],
    ['ada＠ｅｘämple．de', idn],
    ['ａｄａ@exämple.de', idn],
    [' \u00a0\ufeffada@exämple.de\u200e\n', idn],
    ['a\u200bda@exäm\u00adple\u2060.de', idn],
    ['\u202aada@exämple.de\u202c', idn],
    ['ada\u00a0@exämple.de', idn],
    ['ada@straße.de', 'ada@xn--strae-oqa.de'],
    ['ada@strasse.de', 'ada@strasse.de'],
    ['ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['ada@نامه\u200cای.com', 'ada@xn--mgba3gch31f060k.com'],
    ['JOSE\u0301@example.com', 'josé@example.com'],
    ['JOSÉ@example.com', 'josé@example.com'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    ['ada+news@example.com', 'ada+news@example.com'],
    ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
    ['ada@localhost', 'ada@localhost'],
    ['ada@1.2.3.4', 'ada@1.2.3.4'],
    ['ada@１.２', 'ada@1.2'],
    ['1@1', '1@1'],
    ['"ada"@example.com', 'ada@example.com'],
    ['"a b"@example.com', '"a b"@example.com'],
    ['"a\\ b"@example.com', '"a b"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['"a\\"b\\\\"@example.com', '"a\\"b\\\\"@example.com'],
    ['"a..b"@example.com', '"a..b"@example.com'],
    ['ada@[192.0.2.1]', 'ada@[192.0.2.1]'],
    ['ada@[ipv6:2001:DB8:0::1]', 'ada@[IPv6:2001:db8::1]'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [`${'é'.repeat(32)}@example.com`, `${'é'.repeat(32)}@example.com`],
    [`a@${'a'.repeat(63)}.com`, `a@${'a'.repeat(63)}.com`],
  ])('%j is kept as %j', (typed, kept) => {
    expect(read(typed)).toBe(kept);
    expect(read(kept)).toBe(kept);
  });

  test('that other addresses do not share, though they look alike', () => {
    const alike = ['ada', 'аda', 'adа', 'àda', 'ad a', 'a.da', 'ada+x', 'ªda'].map((local) =>
      read(`${local.replace(' ', '_')}@example.com`),
    );
    const domains = ['example', 'ехample', 'examplé', 'example-1'].map((name) =>
      read(`ada@${name}.com`),
    );
    expect(new Set([...alike, ...domains]).size).toBe(alike.length + domains.length - 1);
  });
});

describe('what is wrong with an address is said', () => {
  test.each([
    ['ada', /needs an @/],
    ['ada.example.com', /needs an @/],
    ['ada@eve@example.com', /only one @/],
    ['ada@example.com, eve@example.com', /only one @/],
    ['a da@example.com', /cannot contain spaces/],
    ['ada@exam ple.com', /cannot contain spaces/],
    ['ada@example.com\r\nBcc: x', /cannot contain spaces/],
    ['@example.com', /before the @/],
    ['""@example.com', /before the @/],
    ['ada@', /after the @/],
    ['ada@.', /dot too many/],
    ['.ada@example.com', /start or end with a dot/],
    ['ada.@example.com', /start or end with a dot/],
    ['a..da@example.com', /two dots in a row/],
    ['a(da)@example.com', /cannot contain the character \(/],
    ['<ada@example.com>', /cannot contain the character </],
    ['mailto:ada@example.com', /cannot contain the character :/],
    ['a\u0000da@example.com', /control characters/],
    ['"a\u0007"@example.com', /control characters/],
    ['\ud800@example.com', /control characters/],
    ['\ue000@example.com', /control characters/],
    ['ada@example..com', /dot too many/],
    ['ada@example.com.', /dot too many/],
    ['ada@.example.com', /dot too many/],
    ['ada@example.com..', /dot too many/],
    ['ada@-example.com', /not a domain/],
    ['ada@example-.com', /not a domain/],
    ['ada@exam_ple.com', /not a domain/],
    ['ada@example.com/x', /not a domain/],
    ['ada@exam%70le.com', /not a domain/],
    ['ada@example.com:25', /not a domain/],
    ['ada@example.com>', /not a domain/],
    [`ada@${'a'.repeat(64)}.com`, /not a domain/],
    [`ada@${'ä'.repeat(63)}.com`, /not a domain/],
    ['ada@[192.0.2.256]', /in brackets/],
    ['ada@[192.0.2]', /in brackets/],
    ['ada@[IPv6:::g]', /in brackets/],
    ['ada@[example.com]', /in brackets/],
    [`${'a'.repeat(65)}@example.com`, /at most 64/],
    [`${'é'.repeat(33)}@example.com`, /at most 64/],
    [`ada@${'a.'.repeat(126)}com`, /at most 254/],
  ])('%j', (typed, sentence) => {
    expect(readEmail(typed)).toEqual({ fault: expect.stringMatching(sentence) as string });
  });
});

test.each([
  [' \u200bAda\u200e ', 'Ada'],
  ['ａｄａ', 'ada'],
  ['a\u00adda', 'ada'],
  ['ada@exämple.de', idn],
  ['ada@example..com', 'ada@example..com'],
  ['@', '@'],
])('%j is compared as %j', (typed, compared) => {
  expect(readIdentifier(typed)).toBe(compared);
});
