import { describe, expect, test } from 'vitest';
import { loginInput, registerInput } from './auth-inputs.ts';
import { collectFieldErrors } from './field-errors.ts';
import { EMAIL_MAX_LENGTH, LOGIN_PASSWORD_MAX_LENGTH } from './limits.ts';

const valid = { name: 'Ada', email: 'ada@example.com', password: 'quiet lantern river' };

function findFaultyFields(input: unknown): string[] {
  const parsed = registerInput.safeParse(input);
  return parsed.success ? [] : Object.keys(collectFieldErrors(parsed.error.issues));
}

describe('a registration', () => {
  test('is taken as typed, less the white space around it', () => {
    const typed = { ...valid, name: '  Ada ', email: ' Ada@Example.com\n', username: ' ada ' };
    expect(registerInput.parse(typed)).toEqual({
      name: 'Ada',
      email: 'Ada@Example.com',
      username: 'ada',
      password: valid.password,
    });
  });

  test.each([
    'Zoë 🎈',
    `Robert"); DROP TABLE users;--`,
    'עדה לאבלייס',
    'آدا لاولیس',
    '<script>alert(1)</script>',
    "O'Brien & Söhne",
    'प्रिया',
    '👩🏽‍🚀'.repeat(20),
    'x'.repeat(80),
    'é'.repeat(80).normalize('NFD'),
    'نازنین می\u200cروم',
    'ශ\u0dca\u200dරී',
    'क्\u200dष',
    'ན\u0f92\u0f99\u0f71\u0f72',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '❤\ufe0f\u200d🔥',
    'עֲדָ֫ה',
  ])('takes the name %s', (name) => {
    expect(registerInput.parse({ ...valid, name }).name).toBe(name.normalize('NFC'));
  });

  test('keeps a name in the form that the database counts it in', () => {
    const name = registerInput.parse({ ...valid, name: 'é'.repeat(80).normalize('NFD') }).name;
    expect([...name]).toHaveLength(80);
  });

  test.each([
    ['A\u200bda', 'Ada'],
    ['\ufeffAda\u2060', 'Ada'],
    ['A\u00adda', 'Ada'],
    ['A\u200dda', 'Ada'],
    ['می\u200c\u200c\u200cروم', 'می\u200cروم'],
  ])('takes nothing that cannot be seen from the name %j', (typed, name) => {
    expect(registerInput.parse({ ...valid, name: typed }).name).toBe(name);
  });

  const directionSigns = [
    ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
    ...['\u200e', '\u200f', '\u061c', '\u206a', '\ufff9'],
  ];

  test.each(directionSigns.flatMap((sign) => [`Ada ${sign}Lovelace`, `${sign}Ada`]))(
    'refuses the name %j, and says why',
    (name) => {
      const { error } = registerInput.safeParse({ ...valid, name });
      expect(error?.issues.map(({ message }) => message)).toEqual([
        expect.stringContaining('direction of the text'),
      ]);
    },
  );

  test.each([
    ...['\u2800', '\u3164', '\u115f\u1160', '\uffa0', '\u0301\u0302', '\ufe0f', '\u{e0041}'],
    ...['\u200d', '\u200c \u200c', '\u180e', '\u00a0', '\u3000', '\u034f', '\u{e0100}'],
  ])('refuses the name %j, which shows nothing', (name) => {
    const { error } = registerInput.safeParse({ ...valid, name });
    expect(error?.issues[0]?.message).toMatch(/be seen|enter your name/);
  });

  test('refuses letters with stacks of marks', () => {
    expect(findFaultyFields({ ...valid, name: `Ada${'\u0336'.repeat(7)}` })).toEqual(['name']);
  });

  test.each([
    ['name', undefined],
    ['name', '   '],
    ['name', 'x'.repeat(81)],
    ['name', 'A\u0000da'],
    ['name', 'A\nda'],
    ['name', 'A\u0085da'],
    ['name', 'A\u2028da'],
    ['name', 'A\u2029da'],
    ['name', '\ud83d'],
    ['name', ['Ada']],
    ['name', { toString: 'Ada' }],
    ['email', undefined],
    ['email', null],
    ['email', ''],
    ['email', 'ada'],
    ['email', 'a da@example.com'],
    ['email', 'ada@example.com\u0000'],
    ['email', 'ada\u0000@example.com'],
    ['email', 'ada@example.com, eve@example.com'],
    ['email', 'ada@example.com\r\nBcc: eve@example.com'],
    ['email', `${'a'.repeat(EMAIL_MAX_LENGTH - 11)}@example.com`],
    ['username', 'ab'],
    ['username', 'a'.repeat(31)],
    ['username', 'ada@example.com'],
    ['username', '-ada'],
    ['username', 'ada lovelace'],
    ['username', 'аda'],
    ['username', 'ada\u0000'],
    ['username', 7],
    ['password', undefined],
    ['password', 123456789012],
    ['password', 'elevenchars'],
    ['password', 'x'.repeat(257)],
    ['password', 'quiet lantern \udc00'],
    ['staySignedIn', 'yes'],
    ['staySignedIn', 1],
  ])('refuses the %s %j', (field, value) => {
    expect(findFaultyFields({ ...valid, [field]: value })).toEqual([field]);
  });

  test('tells of every faulty field at once', () => {
    expect(findFaultyFields({ username: '!' })).toEqual(['name', 'email', 'username', 'password']);
  });

  test.each([undefined, null, 'text', 7, []])('refuses %j as a whole', (input) => {
    expect(findFaultyFields(input)).toEqual(['']);
  });

  test.each([undefined, null, '', '  '])('needs no username: %j', (username) => {
    expect(registerInput.parse({ ...valid, username }).username).toBeUndefined();
  });

  test('drops what it does not know, a prototype included', () => {
    const typed: unknown = JSON.parse(
      `{"__proto__":{"roles":["member"]},"constructor":1,"roles":["member"],"id":"1",${JSON.stringify(valid).slice(1)}`,
    );
    const parsed = registerInput.parse(typed);
    expect(Object.keys(parsed).sort()).toEqual(['email', 'name', 'password']);
    expect(parsed).not.toHaveProperty('roles');
  });
});

describe('a new password', () => {
  const isAccepted = (password: string) => findFaultyFields({ ...valid, password }).length === 0;

  // ASVS 6.2.1, 6.2.5, 6.2.9
  test('has 12 to 256 characters', () => {
    expect([11, 12, 64, 256, 257].map((length) => isAccepted('x'.repeat(length)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('is counted in whole characters, however they are encoded', () => {
    expect(isAccepted('😀'.repeat(11))).toBe(false);
    expect(isAccepted('😀'.repeat(12))).toBe(true);
    expect(isAccepted('😀'.repeat(256))).toBe(true);
    expect(isAccepted('e\u0301'.repeat(11))).toBe(false);
    expect(isAccepted('e\u0301'.repeat(256))).toBe(true);
  });

  test('does not end with NUL, which scrypt could not tell from its absence', () => {
    expect(isAccepted('quiet lantern 42\u0000')).toBe(false);
    expect(isAccepted('quiet\u0000lantern 42')).toBe(true);
  });

  // ASVS 6.2.8
  test('is kept as typed: neither trimmed nor cut', () => {
    const password = '  two spaces \u0000 around  ';
    expect(registerInput.parse({ ...valid, password }).password).toBe(password);
  });

  test.each(['😀'.repeat(256), 'ᾂ'.repeat(256).normalize('NFD')])(
    'can be typed again to log in, at its longest',
    (password) => {
      expect(isAccepted(password)).toBe(true);
      expect(loginInput.safeParse({ identifier: 'ada', password }).success).toBe(true);
    },
  );
});

describe('a log-in', () => {
  test.each([
    ['\u200bada\u200e', 'ada'],
    ['\u00a0ada@example.com\ufeff', 'ada@example.com'],
    ['ada@exämple.de', 'ada@xn--exmple-cua.de'],
  ])('takes the email or username %j as %j, as it was pasted', (typed, identifier) => {
    expect(loginInput.parse({ identifier: typed, password: 'p' }).identifier).toBe(identifier);
  });

  test('takes an email or a username, trimmed, and the password as it is', () => {
    expect(loginInput.parse({ identifier: ' Ada ', password: ' p ' })).toEqual({
      identifier: 'Ada',
      password: ' p ',
    });
  });

  test.each([
    [{ password: 'p' }],
    [{ identifier: ' ', password: 'p' }],
    [{ identifier: 'a\u0000', password: 'p' }],
    [{ identifier: '\ud800', password: 'p' }],
    [{ identifier: 'a'.repeat(EMAIL_MAX_LENGTH + 1), password: 'p' }],
    [{ identifier: 'ada', password: '' }],
    [{ identifier: 'ada', password: 'p'.repeat(LOGIN_PASSWORD_MAX_LENGTH + 1) }],
    [{ identifier: { $ne: null }, password: 'p' }],
    [{ identifier: 'ada', password: ['p'] }],
  ])('refuses %j', (input) => {
    expect(loginInput.safeParse(input).success).toBe(false);
  });
});
