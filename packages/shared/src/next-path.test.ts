import { expect, test } from 'vitest';
import { NEXT_PATH_MAX_LENGTH } from './limits.ts';
import { parseNextPath } from './next-path.ts';

test.each([
  ['/', '/'],
  ['/secrets', '/secrets'],
  ['/secrets?page=2&next=//evil.example#top', '/secrets?page=2&next=//evil.example#top'],
  ['/a/../secrets', '/secrets'],
  ['/a/./b', '/a/b'],
  ['/é', '/%C3%A9'],
  ['/a b', '/a%20b'],
  ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
  ['/@evil.example', '/@evil.example'],
  ['/a//b', '/a//b'],
  ['/javascript:alert(1)', '/javascript:alert(1)'],
])('%s leads to %s', (candidate, path) => {
  expect(parseNextPath(candidate)).toBe(path);
});

test.each([
  '',
  'secrets',
  '?x',
  '#x',
  'https://evil.example',
  'http:evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/secrets\\x',
  '/a/..//evil.example',
  '/.//evil.example',
  '/%2e//evil.example',
  '/a/%2e%2e//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  '\t//evil.example',
  ' //evil.example',
  ' /secrets',
  '/\u0000',
  '/\u007f',
  '/\u0085',
  '//user:pass@evil.example',
  '//[::1]/',
  '//evil.example:99999',
])('%j leads nowhere', (candidate) => {
  expect(parseNextPath(candidate)).toBeNull();
});

test.each([undefined, null, 7, ['/secrets'], { path: '/secrets' }])(
  '%j is no path',
  (candidate) => {
    expect(parseNextPath(candidate)).toBeNull();
  },
);

test('a path that is longer than any real one leads nowhere', () => {
  expect(parseNextPath(`/${'a'.repeat(NEXT_PATH_MAX_LENGTH - 1)}`)).not.toBeNull();
  expect(parseNextPath(`/${'a'.repeat(NEXT_PATH_MAX_LENGTH)}`)).toBeNull();
});

test.each(['/a b/é?x=ü#y', '/a/../b', '/"><script>'])(
  'parsing the result of %s again changes nothing',
  (candidate) => {
    const once = parseNextPath(candidate);
    expect(once).not.toBeNull();
    expect(parseNextPath(once)).toBe(once);
  },
);

test('what a browser makes of it stays on the site', () => {
  const site = 'https://site.example';
  const pieces = ['/', '\\', '.', '..', '%2e', '@', ':', 'evil.example', '\t', '?', '#'];
  for (const one of pieces) {
    for (const other of pieces) {
      for (const last of pieces) {
        const path = parseNextPath(`/${one}${other}${last}`);
        if (path !== null) expect(new URL(path, site).origin, path).toBe(site);
      }
    }
  }
});
