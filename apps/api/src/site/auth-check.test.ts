import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { createArticleSite, makeArticle } from '../testing/article-site.ts';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

/** What the proxies call the wanted address. */
const names = ['x-original-uri', 'x-forwarded-uri'];

async function signUpAs(server: TestServer, roles: string[]) {
  const { browser, user } = await signUp(server);
  await server.database.User.update({ roles }, { where: { id: user.id } });
  return { cookie: browser.cookieHeader, id: user.id };
}

type Asking = { cookie?: string; query?: string; method?: string; more?: Record<string, string> };

/** Asks as a proxy does, byte for byte. */
const ask = (
  { url }: TestServer,
  address: string,
  { cookie = '', query = '', method = 'GET', more = {} }: Asking = {},
) => {
  const headers = { 'X-Original-URI': address, ...(cookie && { cookie }), ...more };
  return requestTarget(url, `/auth/check${query}`, { method, headers });
};

describe.each(dialects)('on %s, a proxy that asks', (dialect) => {
  // ASVS 8.2.1, 8.3.1
  test('is told by the rules who may have what', async () => {
    await using server = await startTestServer(dialect);
    const readers = {
      visitor: { cookie: '', id: '' },
      member: await signUpAs(server, []),
      other: await signUpAs(server, ['goldfish']),
      gold: await signUpAs(server, ['member', 'gold']),
    };
    const expected: [address: string, Record<keyof typeof readers, number>][] = [
      ['/', { visitor: 204, member: 204, other: 204, gold: 204 }],
      ['/_astro/any?v=1', { visitor: 204, member: 204, other: 204, gold: 204 }],
      ['/wiki/page?a=b&c=%2F', { visitor: 401, member: 204, other: 204, gold: 204 }],
      ['/secrets', { visitor: 401, member: 204, other: 204, gold: 204 }],
      ['/gold', { visitor: 401, member: 403, other: 403, gold: 204 }],
      ['/gold/deep/page', { visitor: 401, member: 403, other: 403, gold: 204 }],
    ];
    for (const [address, statuses] of expected) {
      for (const [who, { cookie, id }] of Object.entries(readers)) {
        for (const name of names) {
          const headers = { [name]: address, ...(cookie && { cookie }) };
          const answer = await requestTarget(server.url, '/auth/check', { headers });
          const status = statuses[who as keyof typeof readers];
          expect(answer.status, `${who} ${address}`).toBe(status);
          expect(answer.headers.get('cache-control')).toBe('private, no-store');
          expect(answer.headers.get('set-cookie')).toBeNull();
          const isKnown = status === 204 && id !== '';
          expect(answer.headers.get('latchkey-user')).toBe(isKnown ? id : null);
          expect(answer.headers.has('latchkey-roles')).toBe(isKnown);
        }
      }
    }
    const { headers } = await ask(server, '/gold', readers.gold);
    expect(headers.get('latchkey-roles')).toBe('member,gold');
  });

  test('is told where a browser logs in, and that leads back to the wanted address', async () => {
    await using server = await startTestServer(dialect);
    const { headers } = await ask(server, '/wiki/a%20b%3Fc?d=e&f=%2F');
    expect(headers.get('latchkey-location')).toBe(
      `/login?next=${encodeURIComponent('/wiki/a%20b%3Fc?d=e&f=%2F')}#sign-in-required`,
    );
  });

  test('gets no other answer for another spelling of an address', async () => {
    await using server = await startTestServer(dialect);
    const { cookie } = await signUpAs(server, []);
    const spellings = [
      ...['/gold/', '/gold.html', '/%67old', '/gold?x', '/gold/x%2fy', '/gold%2fx', '/gold;x'],
      ...['/gold;a=b/x', '/gold/index', '/gold/index.html', '/gold%3Bx', '//gold', '/./gold'],
      ...['/x/../gold', '/x/%2e%2e/gold', '/x%2f..%2fgold', '/x/..;/gold', '/x/%2e%2e%3b/gold'],
      ...['/gold//', '/gold/.', '/gold\\', '/gold%5cx', '\\gold', '/gold%00', '/gold%0a'],
      ...[
        '/gold%252fx',
        '/x/%252e%252e/gold',
        '/gold#x',
        '/gold%',
        'gold',
        'http://a.example/gold',
      ],
      ...['//a.example/gold', '*', '/gold%c0%af', `/gold/${'a'.repeat(9000)}`],
    ];
    for (const address of spellings) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask(server, address, { cookie, method });
        expect([address, method, answer.status]).toEqual([address, method, 403]);
        expect(answer.headers.has('latchkey-user')).toBe(false);
      }
    }
  });

  test('that says two addresses, or none, gets neither', async () => {
    await using server = await startTestServer(dialect);
    const { cookie } = await signUpAs(server, []);
    const twice = { 'x-forwarded-uri': '/' };
    expect((await ask(server, '/gold', { cookie, more: twice })).status).toBe(403);
    expect((await ask(server, '/', { cookie, more: { 'X-original-uri': '/gold' } })).status).toBe(
      403,
    );
    expect((await ask(server, '/', { more: { 'x-forwarded-uri': '/' } })).status).toBe(204);
    expect((await ask(server, '', { cookie })).status).toBe(400);
    const bare = await requestTarget(server.url, '/auth/check', { headers: { cookie } });
    expect(bare.status).toBe(400);
  });

  test('for a host of its own names the folder of the rules that it stands for', async () => {
    await using server = await startTestServer(dialect);
    const { cookie } = await signUpAs(server, []);
    const query = '?folder=/gold';
    expect((await ask(server, '/', { query })).status).toBe(401);
    expect((await ask(server, '/', { query, cookie })).status).toBe(403);
    expect((await ask(server, '/login', { query, cookie })).status).toBe(403);
    const { status, headers } = await ask(server, '/page?a=b', { query });
    expect(status).toBe(401);
    const next = encodeURIComponent('/page?a=b');
    expect(headers.get('latchkey-location')).toBe(`/login?next=${next}#sign-in-required`);
    for (const wrong of ['/', '/gold/', 'gold', '/*', '/gold/*', '/x/..', '//gold', '/a?b']) {
      const faulty = `?folder=${encodeURIComponent(wrong)}`;
      expect([wrong, (await ask(server, '/', { query: faulty, cookie })).status]).toEqual([
        wrong,
        400,
      ]);
    }
    const double = '?folder=/gold&folder=/_astro';
    expect((await ask(server, '/', { query: double, cookie })).status).toBe(400);
  });

  test('is told of pages and articles what they say themselves', async () => {
    const marked =
      '<html><head><meta name="latchkey-access" content="silver"><title>T</title></html>';
    const articles = [
      makeArticle({ slug: 'metered' }),
      makeArticle({ slug: 'own', access: ['gold'] }),
    ];
    const { site, ...folder } = await createArticleSite(articles, { 'marked.html': marked });
    await using _folder = folder;
    await using server = await startTestServer(dialect, {}, { site });
    const { cookie } = await signUpAs(server, ['gold']);
    for (const [address, visitor, gold] of [
      ['/marked', 401, 403],
      ['/marked.html', 401, 403],
      ['/marked/', 401, 403],
      ['/blog/own', 401, 204],
      ['/blog/metered', 401, 204],
      ['/blog/nothing', 401, 204],
    ] as const) {
      expect([address, (await ask(server, address)).status]).toEqual([address, visitor]);
      expect([address, (await ask(server, address, { cookie })).status]).toEqual([address, gold]);
    }
  });

  test('sends who has to set a second factor up there first', async () => {
    await using server = await startTestServer(dialect, { REQUIRE_SECOND_FACTOR: 'all' });
    const { cookie } = await signUpAs(server, ['gold']);
    expect((await ask(server, '/', { cookie })).status).toBe(204);
    const { status, headers } = await ask(server, '/gold', { cookie });
    expect(status).toBe(401);
    expect(headers.get('latchkey-location')).toBe('/dashboard/second-factor#factor-required');
    expect(headers.has('latchkey-user')).toBe(false);
  });

  test('keeps a session going, and learns its end at once', async () => {
    await using server = await startTestServer(dialect, { SESSION_TOUCH_SECONDS: '0' });
    const { cookie, id } = await signUpAs(server, []);
    const { Session } = server.database;
    const earlier = new Date(Date.now() + 60_000);
    await Session.update({ idleExpiresAt: earlier }, { where: { userId: id } });
    expect((await ask(server, '/wiki', { cookie })).status).toBe(204);
    const { idleExpiresAt } = await Session.findOne({ where: { userId: id }, rejectOnEmpty: true });
    expect(idleExpiresAt.getTime()).toBeGreaterThan(earlier.getTime());
    await Session.destroy({ where: { userId: id } });
    expect((await ask(server, '/wiki', { cookie })).status).toBe(401);
  });

  test('asks another process of the same database', async () => {
    await using first = await startTestServer(dialect);
    await using second = await startTestServer(dialect, {}, { database: first.database });
    const { cookie, id } = await signUpAs(first, ['gold']);
    const { status, headers } = await ask(second, '/gold', { cookie });
    expect([status, headers.get('latchkey-user')]).toEqual([204, id]);
  });

  test('gets what is public without the database, and nothing else', async () => {
    await using server = await startTestServer(dialect);
    const { cookie } = await signUpAs(server, ['gold']);
    const parts = { database: await openBrokenDatabase() };
    await using broken = await startTestServer(dialect, {}, parts);
    const open = await ask(broken, '/', { cookie });
    expect([open.status, open.headers.get('latchkey-user')]).toEqual([204, null]);
    const closed = await ask(broken, '/gold', { cookie });
    expect([closed.status, closed.headers.get('latchkey-user')]).toEqual([500, null]);
  });

  test('may only ask with GET and HEAD', async () => {
    await using server = await startTestServer(dialect);
    const { cookie } = await signUpAs(server, []);
    const sameSite = { 'sec-fetch-site': 'same-origin', 'content-length': '0' };
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(server, '/wiki', { cookie, method, more: sameSite });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
    expect((await ask(server, '/wiki', { cookie, method: 'HEAD' })).status).toBe(204);
  });
});
