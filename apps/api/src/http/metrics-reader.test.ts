import { describe, expect, test } from 'vitest';
import { mayReadMetrics } from './metrics-reader.ts';

const token = 'a-token-of-the-operator';
const here = { host: 'localhost:3000' };

const ask = (
  remoteAddress: string | undefined,
  headers: Record<string, string>,
  metricsToken?: string,
) => mayReadMetrics({ socket: { remoteAddress }, headers }, { metricsToken });

describe('without a token', () => {
  describe.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s may', (address) => {
    test.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:9', '[::1]', '[::1]:3000'])(
      'by the name %s',
      (host) => expect(ask(address, { host })).toBe(true),
    );
  });

  test.each([
    '10.0.0.1',
    '192.168.1.2',
    '128.0.0.1',
    '0.0.0.0',
    '::',
    '::2',
    'fe80::1',
    '::ffff:10.0.0.1',
    '',
    undefined,
  ])('%s may not', (address) => {
    expect(ask(address, here)).toBe(false);
    expect(ask(address, { ...here, authorization: `Bearer ${token}` })).toBe(false);
  });

  test.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-for', ''],
    ['x-forwarded-host', 'localhost'],
    ['x-forwarded-proto', 'https'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '127.0.0.1'],
    ['cf-connecting-ip', '127.0.0.1'],
  ])('what a proxy passes on may not: %s: %s', (name, value) => {
    expect(ask('127.0.0.1', { ...here, [name]: value })).toBe(false);
  });

  test.each(['members.example', 'localhost.evil.example', '127.0.0.1.evil.example:3000', ''])(
    'a page that reached this machine by the name "%s" may not',
    (host) => expect(ask('127.0.0.1', { host })).toBe(false),
  );

  test('a request without a host may not', () => {
    expect(ask('127.0.0.1', {})).toBe(false);
  });
});

describe('with a token', () => {
  describe.each(['127.0.0.1', '10.0.0.1', undefined])(
    'whoever sends it may, from %s',
    (address) => {
      test.each([`Bearer ${token}`, `bearer ${token}`, `Bearer  ${token} `])(
        'as "%s"',
        (authorization) => {
          const headers = { host: 'members.example', authorization, via: 'x' };
          expect(ask(address, headers, token)).toBe(true);
        },
      );
    },
  );

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer x ${token}`,
    `Basic ${token}`,
    token,
  ])('%s opens nothing, on this machine neither', (authorization) => {
    expect(ask('127.0.0.1', { ...here, ...(authorization && { authorization }) }, token)).toBe(
      false,
    );
  });
});
