import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget, type RawAnswer } from '../testing/raw-request.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer } from '../testing/test-server.ts';

const [script] = listBuiltFiles().filter(({ path }) => /^\/_astro\/.*\.js$/.test(path));
const varies = ({ headers }: RawAnswer) =>
  (headers.get('vary') ?? '').toLowerCase().split(/, */).sort();

describe('compression', () => {
  test.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0', null],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['identity', null],
    ['deflate', null],
    ['nonsense', null],
    ['', null],
  ])('for Accept-Encoding: %s is %s', async (accepted, expected) => {
    await using server = await startTestServer('sqlite');
    for (const path of ['/', script?.path ?? '']) {
      const answer = await requestTarget(server.url, path, {
        headers: { 'accept-encoding': accepted },
      });
      expect([path, answer.headers.get('content-encoding')]).toEqual([path, expected]);
      expect(varies(answer), path).toContain('accept-encoding');
      expect(answer.headers.get('content-type'), path).toMatch(
        /^(text\/html|application\/javascript); charset=utf-8$/,
      );
      const bytes = Buffer.from(answer.body, 'latin1');
      const text =
        expected === 'br'
          ? brotliDecompressSync(bytes)
          : expected === 'gzip'
            ? gunzipSync(bytes)
            : bytes;
      const built = listBuiltFiles().find((file) => file.path === path)?.bytes;
      expect(built?.equals(text), path).toBe(true);
    }
  });

  test('of a completed page is honest too', async () => {
    await using server = await startTestServer('sqlite');
    const { browser, person } = await signUp(server);
    for (const accepted of ['br', 'gzip', 'identity', 'br;q=0, gzip;q=0']) {
      const response = await browser.fetch('/secrets', {
        headers: { 'accept-encoding': accepted },
      });
      expect([accepted, (await response.text()).includes(person.name)]).toEqual([accepted, true]);
      expect(response.headers.get('content-encoding')).toBe(
        ['br', 'gzip'].includes(accepted) ? accepted : null,
      );
    }
  });
});

describe('caching', () => {
  test.each([
    ['/', 'public, max-age=0, must-revalidate'],
    ['/login', 'public, max-age=0, must-revalidate'],
    ['/favicon.svg', 'public, max-age=3600'],
    [script?.path ?? '', 'public, max-age=31536000, immutable'],
  ])('%s for a visitor is %s', async (path, expected) => {
    await using server = await startTestServer('sqlite');
    const answer = await requestTarget(server.url, path);
    expect(answer.headers.get('cache-control')).toBe(expected);
    const known = await requestTarget(server.url, path, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect([known.status, known.body, known.headers.get('cache-control')]).toEqual([
      304,
      '',
      expected,
    ]);
    expect(varies(known)).toEqual(varies(answer));
  });

  test('keeps the versions of visitors and members apart', async () => {
    await using server = await startTestServer('sqlite');
    const { browser } = await signUp(server);
    const cookie = browser.cookieHeader;
    const visitors = await requestTarget(server.url, '/');
    expect(varies(visitors)).toContain('cookie');
    for (const condition of [
      { 'if-none-match': visitors.headers.get('etag') ?? '' },
      { 'if-none-match': '*' },
      { 'if-modified-since': new Date(Date.now() + 86_400_000).toUTCString() },
      { range: 'bytes=0-9' },
    ]) {
      const members = await requestTarget(server.url, '/', { headers: { cookie, ...condition } });
      expect([condition, members.status]).toEqual([condition, 200]);
      expect(members.body, JSON.stringify(condition)).toContain('data-session="in"');
      expect(members.headers.get('cache-control'), JSON.stringify(condition)).toBe(
        'private, no-store',
      );
      expect(
        [members.headers.has('etag'), members.headers.has('last-modified')],
        JSON.stringify(condition),
      ).toEqual([false, false]);
    }
  });

  test('never keeps an answer that sets a cookie', async () => {
    await using server = await startTestServer('sqlite');
    const { headers, body } = await requestTarget(server.url, '/', {
      headers: { cookie: 'signed-in=1; session=gone' },
    });
    expect(headers.get('set-cookie')).toMatch(/^signed-in=; Max-Age=0/);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body).toContain('data-session="out"');
  });
});

test('what a browser needs to install the site has the right type', async () => {
  await using server = await startTestServer('sqlite');
  for (const [path, type] of [
    ['/manifest.webmanifest', 'application/manifest+json'],
    ['/icon-192.png', 'image/png'],
    ['/favicon.ico', /^image\/(x-icon|vnd\.microsoft\.icon)$/],
  ] as const) {
    const { status, headers } = await requestTarget(server.url, path);
    expect([path, status]).toEqual([path, 200]);
    expect(headers.get('content-type')?.split(';')[0]).toMatch(type);
  }
});
