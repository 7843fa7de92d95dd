import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { cleanPath, encodePath, readRequestPath, wantsPage } from './request-path.ts';

const asRequest = (parts: object) => parts as FastifyRequest;
const read = (url: string) => readRequestPath(asRequest({ raw: { url } }));

describe('readRequestPath', () => {
  test.each([
    ['/', '/', ''],
    ['/a%20b?x=%20&y', '/a b', '?x=%20&y'],
    ['/a?b?c', '/a', '?b?c'],
    ['/a?', '/a', '?'],
    ['/%C3%A9', '/é', ''],
    ['/a%2Fb', '/a/b', ''],
    ['/a%5Cb', '/a\\b', ''],
    ['/...', '/...', ''],
    ['/.well-known/x', '/.well-known/x', ''],
    ['/a?//../%zz', '/a', '?//../%zz'],
  ])('%s is %s with %s', (url, path, search) => {
    expect(read(url)).toEqual({ path, search });
  });

  test.each([
    '/%',
    '/%zz',
    '/%c0%af',
    '/%ed%a0%80',
    '/a%00',
    '//',
    '//a',
    '/a//b',
    '/%2f',
    '/.',
    '/..',
    '/a/../b',
    '/%2e%2e/a',
    '/a/%2E',
    '/./a',
    '/a/.?x',
    'http://a/b',
  ])('%s is no file', (url) => {
    expect(read(url)).toBeNull();
  });
});

test.each(['/', '/a b', '/é/ü', '/50%', '/a?b#c', '/100%25', "/it's", '/a\\b'])(
  'encodePath writes %s so that it is read back',
  (path) => {
    expect(read(encodePath(path))).toEqual({ path, search: '' });
  },
);

test.each([
  ['/', '/'],
  ['/login', '/login'],
  ['/login/', '/login'],
  ['/login.html', '/login'],
  ['/index.html', '/'],
  ['/index', '/'],
  ['/a/index.html', '/a'],
  ['/a/index/', '/a'],
  ['/.html', '/.html'],
  ['/a/.html', '/a/.html'],
  ['/myindex', '/myindex'],
  ['/a.htmlx', '/a.htmlx'],
])('cleanPath makes %s into %s', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test.each([
  ['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', true],
  ['*/*', false],
  ['application/json', false],
  [undefined, false],
])('A request with Accept: %s wants a page: %s', (accept, expected) => {
  expect(wantsPage(asRequest({ headers: { accept } }))).toBe(expected);
});
