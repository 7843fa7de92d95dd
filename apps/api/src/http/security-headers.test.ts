import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const strictest = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const builtScript =
  listBuiltFiles().find(({ path }) => /^\/_astro\/.*\.js$/.test(path))?.path ?? '';

/** One answer of every kind: its status, whether it is a page, and the answer. */
async function collectAnswers(server: TestServer) {
  const { browser } = await signUp(server);
  const cookie = browser.cookieHeader;
  const accept = 'text/html';
  const foreign = { origin: 'https://evil.com' };
  const etag = (await requestTarget(server.url, '/')).headers.get('etag') ?? '';
  const kinds: [
    number,
    'page' | 'other',
    string,
    { method?: string; headers?: Record<string, string> },
  ][] = [
    [200, 'page', '/', {}],
    [200, 'page', '/', { method: 'HEAD' }],
    [200, 'page', '/secrets', { headers: { cookie } }],
    [304, 'page', '/', { headers: { 'if-none-match': etag } }],
    [404, 'page', '/nope', {}],
    [404, 'page', '/%', { headers: { accept } }],
    [404, 'page', '/%zz/..', {}],
    [401, 'page', '/secrets.json', { headers: { accept } }],
    [403, 'page', '/login', { method: 'POST', headers: { ...foreign, accept } }],
    [403, 'page', '/nope', { method: 'DELETE', headers: { ...foreign, accept } }],
    [
      404,
      'page',
      '/nope',
      { method: 'PROPFIND', headers: { accept, origin: 'http://localhost:3000' } },
    ],
    [200, 'other', '/favicon.svg', {}],
    [200, 'other', '/_search/indexes.json', {}],
    [200, 'other', '/_search/indexes.json', { headers: { cookie } }],
    [401, 'other', '/_search/members/pagefind-entry.json', {}],
    [403, 'other', '/_search/roles/gold/pagefind-entry.json', { headers: { cookie } }],
    [200, 'other', builtScript, {}],
    [200, 'other', '/secrets.json', { headers: { cookie } }],
    [206, 'other', '/secrets.json', { headers: { cookie, range: 'bytes=0-1' } }],
    [416, 'other', '/secrets.json', { headers: { cookie, range: 'bytes=999999-' } }],
    [301, 'other', '/login/', {}],
    [302, 'other', '/secrets', {}],
    [401, 'other', '/secrets.json', {}],
    [403, 'other', '/login', { method: 'POST', headers: foreign }],
    [303, 'other', '/login', { method: 'POST', headers: { origin: 'http://localhost:3000' } }],
    [405, 'other', '/secrets', { method: 'OPTIONS' }],
    [404, 'other', '/%', { method: 'OPTIONS' }],
    [200, 'other', '/trpc/auth.session', {}],
    [401, 'other', '/trpc/secrets.list', {}],
    [404, 'other', '/trpc', {}],
    [404, 'other', '/trpc/', {}],
    [404, 'other', '/trpc/auth.nope', {}],
    [404, 'other', '/trpc/auth/nope', {}],
    [404, 'other', `/trpc/${'a'.repeat(2000)}`, {}],
    [403, 'other', '/trpc/auth.logout', { method: 'POST', headers: foreign }],
    [405, 'other', '/trpc/auth.session', { method: 'OPTIONS' }],
    [
      405,
      'other',
      '/trpc/auth.session',
      { method: 'TRACE', headers: { origin: 'http://localhost:3000' } },
    ],
    [200, 'other', '/healthz', {}],
    [200, 'other', '/readyz', {}],
  ];
  return Promise.all(
    kinds.map(async ([status, kind, target, options]) => ({
      label: `${status} ${options.method ?? 'GET'} ${target.slice(0, 40)}`,
      kind,
      answer: await requestTarget(server.url, target, {
        ...options,
        headers: { ...options.headers, ...(options.method && { 'content-length': '0' }) },
      }),
    })),
  );
}

// ASVS 3.2.1, 3.4.4, 3.4.5, 3.4.6, 3.4.8, 3.5.8
test('Every kind of answer carries the headers', async () => {
  await using server = await startTestServer('sqlite');
  for (const { label, kind, answer } of await collectAnswers(server)) {
    const { headers, status } = answer;
    expect(`${status} ${label.slice(4)}`).toBe(label);
    const relevant = [
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      'permissions-policy',
      'strict-transport-security',
      'server',
      'x-powered-by',
    ];
    expect([label, relevant.map((name) => headers.get(name))]).toEqual([
      label,
      [
        'nosniff',
        'DENY',
        'strict-origin-when-cross-origin',
        'same-origin',
        'same-origin',
        'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
        null,
        null,
        null,
      ],
    ]);
    const policy = headers.get('content-security-policy') ?? '';
    if (kind === 'other') expect([label, policy]).toEqual([label, strictest]);
    else {
      const directives = policy.split(';').map((directive) => directive.trim());
      expect([label, directives]).toEqual([
        label,
        expect.arrayContaining([
          "default-src 'self'",
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
        ]),
      ]);
      expect(policy, label).not.toContain('unsafe');
    }
  }
});

// ASVS 14.3.2
test('No page but that of the search may run WebAssembly, and none runs code from a text', async () => {
  await using server = await startTestServer('sqlite');
  const roles = ['gold', 'member', 'operator'];
  const { browser, user } = await signUp(server);
  await server.database.User.update({ roles }, { where: { id: user.id } });
  const pages = listBuiltFiles().filter(({ isPage }) => isPage);
  for (const { path } of pages) {
    const answer = await browser.visit(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const found = policy.match(/'(wasm-)?unsafe-[a-z-]+'/g) ?? [];
    expect([path, found]).toEqual([path, path === '/search' ? ["'wasm-unsafe-eval'"] : []]);
  }
});

test('Nothing of the API, nor anything personal, may be kept', async () => {
  await using server = await startTestServer('sqlite');
  for (const { label, answer } of await collectAnswers(server)) {
    const mayBeKept = /^(200|304) (GET|HEAD) \/(favicon.svg|_astro.*)?$|^301/.test(label);
    if (mayBeKept) continue;
    expect([label, answer.headers.get('cache-control')]).toEqual([
      label,
      expect.stringMatching(/^(private, )?no-store$/),
    ]);
  }
});

describe('on https', () => {
  // ASVS 3.4.1
  test('every answer asks for https for two years, subdomains too', async () => {
    await using server = await startTestServer('sqlite', { PUBLIC_URL: 'https://latchkey.test' });
    for (const path of [
      '/',
      '/secrets',
      '/nope',
      '/%',
      '/favicon.svg',
      '/trpc/auth.session',
      '/healthz',
      '/login/',
    ]) {
      const { headers } = await requestTarget(server.url, path);
      expect([path, headers.get('strict-transport-security')]).toEqual([
        path,
        'max-age=63072000; includeSubDomains',
      ]);
    }
  });
});

test.each([
  ['subdomains', 'max-age=63072000; includeSubDomains'],
  ['host', 'max-age=63072000'],
  ['forget', 'max-age=0'],
  ['off', null],
])('HSTS=%s tells browsers %s, and only on https', async (HSTS, expected) => {
  const PUBLIC_URL = 'https://site.example';
  await using secure = await startTestServer('sqlite', { HSTS, PUBLIC_URL });
  await using plain = await startTestServer('sqlite', { HSTS });
  for (const path of ['/', '/nope', '/trpc/auth.session', '/healthz']) {
    const [told, untold] = await Promise.all(
      [secure, plain].map(async ({ url }) =>
        (await requestTarget(url, path)).headers.get('strict-transport-security'),
      ),
    );
    expect([path, told, untold]).toEqual([path, expected, null]);
  }
});
