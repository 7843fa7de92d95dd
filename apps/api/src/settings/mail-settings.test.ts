import { describe, expect, test } from 'vitest';
import { parseSettings, SettingsError } from './settings.ts';

const from = { MAIL_FROM: 'Latchkey <noreply@example.com>' };
const server = { SMTP_URL: 'smtp://mail.example.com' };

function findFaults(env: Record<string, string>): string[] {
  try {
    parseSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim());
  }
}

test('without them no mail is sent', () => {
  expect(parseSettings({})).toMatchObject({ mailPlace: undefined, mailSender: undefined });
});

test.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, isSecure: false }],
  ['smtps://mail.example.com/', { host: 'mail.example.com', port: 465, isSecure: true }],
  [
    'smtp://relay:25?tls=optional',
    { host: 'relay', port: 25, isSecure: false, isTlsOptional: true },
  ],
  ['smtp://[::1]:25', { host: '::1', port: 25, isSecure: false }],
  [
    'smtps://ada%40example.com:p%23ss@mail.example.com:2465',
    {
      host: 'mail.example.com',
      port: 2465,
      isSecure: true,
      login: { user: 'ada@example.com', password: 'p#ss' },
    },
  ],
])('SMTP_URL %s', (url, expected) => {
  expect(parseSettings({ ...from, SMTP_URL: url }).mailPlace).toEqual(expected);
});

test.each([
  ['noreply@example.com', { address: 'noreply@example.com' }],
  ['Our Site <no-reply+x@localhost>', { name: 'Our Site', address: 'no-reply+x@localhost' }],
])('MAIL_FROM %s', (text, expected) => {
  expect(parseSettings({ ...server, MAIL_FROM: text }).mailSender).toEqual(expected);
});

test.each([
  'http://hunter2.example.com',
  'mail.example.com:587',
  'smtp://',
  'smtp://user@mail.example.com',
  'smtp://:hunter2@mail.example.com',
  'smtp://user:hunter2%@mail.example.com',
  'smtp://user:hunter2#x@mail.example.com',
  'smtp://mail.example.com/folder',
  'smtp://mail.example.com?pool=true',
  'smtp://mail.example.com?tls=optional&tls=optional',
  'smtps://mail.example.com?tls=optional',
  'smtp://mail.example.com:0',
  'smtp://mail,example.com',
])('SMTP_URL %s is refused, and not shown', (url) => {
  const faults = findFaults({ ...from, SMTP_URL: url });
  expect(faults).toEqual([expect.stringMatching(/^SMTP_URL must be smtp:/)]);
  expect(faults.join()).not.toContain('hunter2');
});

test.each([
  'nobody',
  'a@b@c',
  'Name noreply@example.com',
  'Name <nobody>',
  '"Name" <noreply@example.com>',
  'One <a@example.com>, Two <b@example.com>',
  'a@example.com\r\nBcc: b@example.com',
])('MAIL_FROM %j is refused', (text) => {
  const faults = findFaults({ ...server, MAIL_FROM: text });
  expect(faults).toEqual([expect.stringMatching(/^MAIL_FROM must be an address/)]);
});

test('one of them without the other is refused', () => {
  expect(findFaults(server)).toEqual([expect.stringMatching(/^SMTP_URL needs MAIL_FROM/)]);
  expect(findFaults(from)).toEqual([expect.stringMatching(/^MAIL_FROM needs SMTP_URL/)]);
});

describe('in development', () => {
  const shown = { LATCHKEY_DEV_SITE: 'http://127.0.0.1:4321', LATCHKEY_DEV_MAIL: 'true' };

  test('mails are shown and none is sent, also where there is a server', () => {
    expect(parseSettings(shown)).toMatchObject({
      mailPlace: 'dev-page',
      mailSender: { address: 'noreply@localhost' },
      warnings: [],
    });
    expect(parseSettings({ ...shown, ...server, ...from })).toMatchObject({
      mailPlace: 'dev-page',
      mailSender: { name: 'Latchkey', address: 'noreply@example.com' },
    });
  });

  test.each([
    { LATCHKEY_DEV_SITE: '' },
    { NODE_ENV: 'production' },
    { PUBLIC_URL: 'https://example.com', TRUST_PROXY: '1' },
  ])('and not with %j', (env) => {
    const settings = parseSettings({ ...shown, ...env });
    expect(settings.mailPlace).toBeUndefined();
    expect(settings.warnings).toEqual([
      expect.stringContaining('LATCHKEY_DEV_MAIL has no effect') as string,
    ]);
  });
});
