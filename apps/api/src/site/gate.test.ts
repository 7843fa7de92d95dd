import { isPublicPath } from '@latchkey/shared';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import { listBuiltFiles } from '../testing/site-files.ts';
import { startTestServer } from '../testing/test-server.ts';

const withoutAddress = ['/404', '/problem'];
// The operator's pages are not there for others: they have tests of their own.
const files = listBuiltFiles().filter(
  ({ path }) => !withoutAddress.includes(path) && !path.startsWith('/operator'),
);
const privatePaths = files.filter(({ isPublic }) => !isPublic).map(({ path }) => path);

test('The build has private pages, private files and public ones, or the tests below say nothing', () => {
  expect(privatePaths).toEqual(expect.arrayContaining(['/secrets', '/secrets.json']));
  expect(files.filter(({ isPublic }) => isPublic).length).toBeGreaterThan(5);
});

describe('a visitor', () => {
  test('gets every file that is listed as public', async () => {
    await using server = await startTestServer('sqlite');
    for (const { path, bytes, isPublic } of files) {
      if (!isPublic) continue;
      const response = await server.openBrowser().fetch(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes), path).toBe(true);
    }
  });

  // ASVS 6.3.4, 8.2.1, 8.3.1
  test('is turned away from every other: pages to the log-in, files with 401', async () => {
    await using server = await startTestServer('sqlite');
    for (const { path, isPage, isPublic } of files) {
      if (isPublic) continue;
      const response = await server.openBrowser().fetch(path);
      const next = new URLSearchParams({ next: path }).toString();
      const location = isPage ? `/login?${next}#sign-in-required` : null;
      expect([path, response.status]).toEqual([path, isPage ? 302 : 401]);
      expect(response.headers.get('location'), path).toBe(location);
      expect(response.headers.get('cache-control'), path).toBe('private, no-store');
      expect(response.headers.get('etag'), path).toBeNull();
    }
  });

  test('gets 401 with a page in the look of the site where a browser asks for a private file', async () => {
    await using server = await startTestServer('sqlite');
    const response = await server.openBrowser().visit('/secrets.json');
    expect(response.status).toBe(401);
    const html = await response.text();
    expect(html).toContain('Please log in to access this page.');
    expect(html).toMatch(/<a class="button" href="\/login\?next=%2Fsecrets.json#sign-in-required"/);
  });

  // ASVS 7.2.1
  test('with a made-up session cookie is a visitor', async () => {
    await using server = await startTestServer('sqlite');
    for (const cookie of [
      'session=x',
      'session=',
      `session=${'A'.repeat(43)}`,
      'session=%00',
      'session',
    ]) {
      const answer = await requestTarget(server.url, '/secrets', { headers: { cookie } });
      expect([cookie, answer.status]).toEqual([cookie, 302]);
    }
  });

  test.each(['GET', 'HEAD'])(
    'gets no part of a private file by a condition or a range (%s)',
    async (method) => {
      await using server = await startTestServer('sqlite');
      const { browser } = await signUp(server);
      const etag = (await browser.fetch('/secrets.json')).headers.get('etag') ?? '';
      expect(etag).not.toBe('');
      const conditions: Record<string, string>[] = [
        { 'if-none-match': etag },
        { 'if-none-match': '*' },
        { 'if-match': '"other"' },
        { 'if-modified-since': new Date(Date.now() + 86_400_000).toUTCString() },
        { 'if-unmodified-since': new Date(0).toUTCString() },
        { range: 'bytes=0-9' },
        { range: 'bytes=0-9', 'if-range': etag },
        { range: 'bytes=999999-' },
      ];
      for (const headers of conditions) {
        const file = await requestTarget(server.url, '/secrets.json', { method, headers });
        const page = await requestTarget(server.url, '/secrets', { method, headers });
        expect([headers, file.status, page.status]).toEqual([headers, 401, 302]);
      }
    },
  );

  test('is sent on with exactly the wanted path and query in `next`', async () => {
    await using server = await startTestServer('sqlite');
    for (const wanted of [
      '/secrets',
      '/secrets?a=1&b=%20x+y',
      '/secrets?next=/login',
      '/secrets?%0d%0aSet-Cookie:x=1',
      '/secrets??',
    ]) {
      const { status, headers } = await requestTarget(server.url, wanted);
      expect([wanted, status]).toEqual([wanted, 302]);
      const location = new URL(headers.get('location') ?? '', 'http://site.test');
      expect(location.origin + location.pathname + location.hash, wanted).toBe(
        'http://site.test/login#sign-in-required',
      );
      expect([...location.searchParams]).toEqual([['next', wanted]]);
      expect(headers.get('set-cookie'), wanted).toBeNull();
    }
  });

  test('gets no cookie with a public page, which is not worth a question to the database', async () => {
    await using server = await startTestServer(
      'sqlite',
      {},
      { database: await openBrokenDatabase() },
    );
    for (const path of [
      '/',
      '/login',
      '/register',
      '/logout',
      '/nope',
      '/favicon.svg',
      '/secrets',
    ]) {
      const response = await server.openBrowser().fetch(path);
      expect([path, response.headers.getSetCookie()]).toEqual([path, []]);
      expect(response.status, path).toBeLessThan(500);
    }
  });

  // ASVS 16.5.3
  test('gets the public pages also when the database is gone, whatever cookie comes along', async () => {
    await using server = await startTestServer(
      'sqlite',
      {},
      { database: await openBrokenDatabase() },
    );
    const headers = { cookie: `session=${'a'.repeat(43)}; signed-in=1` };
    const answers = ['/', '/login', '/secrets'].map(async (path) => {
      const { status } = await server.openBrowser().fetch(path, { headers });
      return [path, status];
    });
    expect(await Promise.all(answers)).toEqual([
      ['/', 200],
      ['/login', 200],
      ['/secrets', 500],
    ]);
  });
});

describe.each(['sqlite', 'postgres'] as const)('a member (%s)', (dialect) => {
  test('with each role gets every file of the site, the private ones to be kept by nobody', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person, user } = await signUp(server);
    const roles = ['gold', 'member'];
    await server.database.User.update({ roles }, { where: { id: user.id } });
    for (const { path, isPage } of files) {
      if (['/login', '/register', '/second-factor'].includes(path)) continue;
      const response = await browser.fetch(path);
      expect([path, response.status]).toEqual([path, 200]);
      if (!isPage && isPublicPath(path)) continue;
      expect([path, response.headers.get('cache-control')]).toEqual([path, 'private, no-store']);
    }
    expect(await (await browser.visit('/secrets')).text()).toContain(`>${person.name}</span>`);
  });
});

describe('a signed-in visitor of a page for visitors', () => {
  test.each([
    ['/login', '/dashboard'],
    ['/register', '/dashboard'],
    ['/login?next=/secrets.json', '/secrets.json'],
    ['/login?next=%2Fsecrets%3Fa%3Db', '/secrets?a=b'],
    ['/login?next=//evil.com', '/dashboard'],
    ['/login?next=/%5Cevil.com', '/dashboard'],
    ['/login?next=/%255Cevil.com', '/%5Cevil.com'],
    ['/login?next=https://evil.com/', '/dashboard'],
    ['/login?next=%2F%5Cevil.com', '/dashboard'],
    ['/login?next=%2F%09%2Fevil.com', '/dashboard'],
    ['/login?next=/.//evil.com', '/dashboard'],
  ])('%s is sent to %s', async (path, expected) => {
    await using server = await startTestServer('sqlite');
    const { browser } = await signUp(server);
    const response = await browser.visit(path);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(expected);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });
});

describe('what does not exist', () => {
  const missing = [
    '/nope',
    '/secrets/nope',
    '/secrets.css',
    '/_astro/nope.js',
    '/_astro',
    '/download',
    '/download/nope.pdf',
    '/404',
    '/404.html',
    '/404/',
    '/problem',
    '/problem.html',
    '/.html',
    '/Secrets',
    '/index.html.br',
    '/favicon.svg.gz',
    '/healthz/',
    '/login//',
    '/login.html/',
  ];

  test('is 404 with the same page for visitors and members', async () => {
    await using server = await startTestServer('sqlite');
    const { browser, user } = await signUp(server);
    const normalise = (html: string) =>
      html
        .replace('data-session="in"', 'data-session="out"')
        .replaceAll(` value="${user.id}"`, '')
        .replaceAll(`<span data-slot="user-name">${user.name}<`, '<span data-slot="user-name"><');
    const page = await (await server.openBrowser().visit('/nope')).text();
    expect(page).toContain('<h1>Page not found</h1>');
    for (const path of missing) {
      const [out, inside] = await Promise.all([
        server.openBrowser().visit(path),
        browser.visit(path),
      ]);
      expect([path, out.status, inside.status]).toEqual([path, 404, 404]);
      expect(await out.text(), path).toBe(page);
      expect(normalise(await inside.text()), path).toBe(page);
      expect(out.headers.get('cache-control'), path).toBe('private, no-store');
    }
  });

  test('is told in full whatever condition or range comes along', async () => {
    await using server = await startTestServer('sqlite');
    for (const headers of [{ 'if-none-match': '*' }, { range: 'bytes=0-4' }]) {
      const { status, body } = await requestTarget(server.url, '/nope', { headers });
      expect(status, JSON.stringify(headers)).toBe(404);
      expect(body, JSON.stringify(headers)).toContain('</html>');
    }
  });
});

describe('an address that is nearly clean', () => {
  test.each([
    ['/login/', '/login'],
    ['/login.html', '/login'],
    ['/login/?next=/secrets&x=%2F', '/login?next=/secrets&x=%2F'],
    ['/index.html', '/'],
    ['/index.html?a', '/?a'],
    ['/index', '/'],
    ['/secrets/', '/secrets'],
    ['/secrets.html', '/secrets'],
    ['/favicon.svg/', '/favicon.svg'],
  ])('%s leads to %s for good', async (path, expected) => {
    await using server = await startTestServer('sqlite');
    const response = await server.openBrowser().fetch(path);
    expect([response.status, response.headers.get('location')]).toEqual([301, expected]);
  });

  test('of what is private or metered is kept by nobody', async () => {
    await using server = await startTestServer('sqlite');
    for (const path of ['/secrets/', '/secrets.html', '/blog/metering-fairly/']) {
      const { status, headers } = await server.openBrowser().fetch(path);
      expect([path, status, headers.get('cache-control')]).toEqual([
        path,
        301,
        'private, no-store',
      ]);
    }
  });

  test('never leads to another host', async () => {
    await using server = await startTestServer('sqlite');
    const hostile = [
      '//evil.com/',
      '//evil.com/login/',
      '/\\evil.com/',
      '/%5Cevil.com/',
      '/%2Fevil.com/',
      '/%2F/evil.com/',
      '//login/',
      '/login//',
      '/./login/',
      '/%09/evil.com/',
      'http://evil.com/login/',
      '//evil.com/index.html',
      '/%2F%2Fevil.com/index.html',
    ];
    for (const target of hostile) {
      const { status, headers } = await requestTarget(server.url, target);
      expect([target, status, headers.get('location')]).toEqual([target, 404, null]);
    }
  });
});

describe('HEAD', () => {
  test('is answered as GET is, without the body', async () => {
    await using server = await startTestServer('sqlite');
    const { browser } = await signUp(server);
    const cookie = browser.cookieHeader;
    const volatile = ['date', 'transfer-encoding', 'content-length'];
    for (const path of [
      '/',
      '/favicon.svg',
      '/secrets',
      '/secrets.json',
      '/nope',
      '/login/',
      '/login',
    ]) {
      for (const headers of [{}, { cookie }]) {
        const [get, head] = await Promise.all([
          requestTarget(server.url, path, { headers }),
          requestTarget(server.url, path, { method: 'HEAD', headers }),
        ]);
        expect([path, head.status, head.body]).toEqual([path, get.status, '']);
        const relevant = ({ headers: all }: typeof get) =>
          [...all].filter(([name]) => !volatile.includes(name));
        expect(relevant(head), `${path} ${JSON.stringify(headers)}`).toEqual(relevant(get));
      }
    }
  });
});
