import { expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer } from '../testing/test-server.ts';

const pages = ['/', '/login', '/register', '/blog', '/blog/how-a-session-ends', '/nothing-here'];
const asBrowser = { headers: { accept: 'text/html', 'accept-encoding': 'identity' } };

for (const [setting, state] of [
  ['open', 'open'],
  ['closed', 'closed'],
] as const) {
  test(`Every page knows that registration is ${setting}`, async () => {
    await using server = await startTestServer('sqlite', { REGISTRATION: setting });
    for (const path of pages) {
      const { body } = await requestTarget(server.url, path, asBrowser);
      expect([path, /data-registration="(\w+)"/.exec(body)?.[1]]).toEqual([path, state]);
    }
    const { status, body } = await requestTarget(server.url, '/secrets.json', asBrowser);
    expect([status, body.includes(`data-registration="${state}"`)]).toEqual([401, true]);
  });
}

test('A public page is for anyone to cache, and compressed, while registration is closed', async () => {
  await using server = await startTestServer('sqlite', { REGISTRATION: 'closed' });
  for (const [accepted, encoding] of [
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ]) {
    const { headers } = await requestTarget(server.url, '/', {
      headers: { 'accept-encoding': accepted ?? '' },
    });
    expect(headers.get('cache-control'), `${accepted} ${encoding}`).toBe(
      'public, max-age=0, must-revalidate',
    );
    expect(headers.get('content-encoding')).toBe(encoding ?? null);
    expect(headers.get('content-type'), `${accepted} ${encoding}`).toBe('text/html; charset=utf-8');
    expect((headers.get('vary') ?? '').toLowerCase(), `${accepted} ${encoding}`).toContain(
      'cookie',
    );
  }
});

test('A file that is no page goes out as it was built while registration is closed', async () => {
  await using server = await startTestServer('sqlite', { REGISTRATION: 'closed' });
  const { headers, body } = await requestTarget(server.url, '/favicon.svg');
  expect(headers.get('etag')).toBeTruthy();
  expect(body).toContain('<svg');
});

test.each([{ REGISTRATION: 'closed' }, { REGISTRATION: 'closed', CONTACT: 'help@example.com' }])(
  'A public page keeps its validator with %o, in every encoding',
  async (settings) => {
    await using server = await startTestServer('sqlite', settings);
    for (const encoding of ['br', 'gzip', 'identity']) {
      const ask = (more: Record<string, string> = {}) =>
        requestTarget(server.url, '/', { headers: { 'accept-encoding': encoding, ...more } });
      const whole = await ask();
      const etag = whole.headers.get('etag') ?? '';
      expect([whole.status, etag], encoding).toEqual([200, expect.stringMatching(/^W\/".+"$/)]);
      const known = await ask({ 'if-none-match': `"other", ${etag}` });
      expect([known.status, known.body, known.headers.get('etag')], encoding).toEqual([
        304,
        '',
        etag,
      ]);
      expect((await ask({ 'if-none-match': '"other"' })).status, encoding).toBe(200);
    }
  },
);
