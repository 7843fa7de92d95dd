import { describe, expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import { isFromOurSite } from './origin-check.ts';

const ours = 'https://latchkey.test';
const friend = 'https://app.friend.test';
const settings = { publicOrigin: ours, allowedOrigins: [friend] };
const missing = undefined;

const sites = [
  'same-origin',
  'none',
  'same-site',
  'cross-site',
  'Same-Origin',
  'same-origin, cross-site',
  '',
  missing,
];
const origins = [
  ours,
  friend,
  'https://evil.com',
  'null',
  '',
  `${ours}:443`,
  `${ours}/`,
  ours.replace('https', 'http'),
  `${ours}.evil.com`,
  ours.toUpperCase(),
  missing,
];
const trustedSites = new Set<string | undefined>(['same-origin', 'none']);
const trustedOrigins = new Set<string | undefined>([ours, friend]);

describe.each(sites)('Sec-Fetch-Site: %s', (site) => {
  test.each(origins)('with Origin: %s', (origin) => {
    const headers = {
      ...(site !== missing && { 'sec-fetch-site': site }),
      ...(origin !== missing && { origin }),
    };
    const expected = trustedSites.has(site) || trustedOrigins.has(origin);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
      expect([method, isFromOurSite({ method, headers }, settings)]).toEqual([method, expected]);
    }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect([method, isFromOurSite({ method, headers }, settings)]).toEqual([method, true]);
    }
  });
});

// ASVS 3.5.1, 3.5.2, 16.3.2, 16.3.3
test('A refused request changes nothing, and is put down in the security log', async () => {
  await using server = await startTestServer('sqlite');
  const { person } = await signUp(server);
  const login = JSON.stringify({ identifier: person.email, password: person.password });
  for (const headers of [{ origin: 'https://evil.com' }, { origin: 'null' }, { origin: '' }]) {
    const response = await server.openBrowser().fetch('/trpc/auth.login', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: login,
    });
    expect(response.status, JSON.stringify(headers)).toBe(403);
    expect(response.headers.getSetCookie(), JSON.stringify(headers)).toEqual([]);
    expect(response.headers.get('cache-control'), JSON.stringify(headers)).toBe(
      'private, no-store',
    );
    expect(await response.json(), JSON.stringify(headers)).toMatchObject({
      error: { data: { code: 'FORBIDDEN', reason: 'cross-site' } },
    });
  }
  const events = server.logLines.filter((line) => line.includes('"outcome":"cross-site"'));
  expect(events).toHaveLength(3);
});

describe('another origin that is allowed', () => {
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };

  // ASVS 3.4.2
  test('may ask, with credentials, and is answered so that its script may read it', async () => {
    await using server = await startTestServer('sqlite', { ALLOWED_ORIGINS: friend });
    const browser = server.openBrowser();
    const asked = await browser.fetch('/trpc/auth.register', {
      method: 'OPTIONS',
      headers: { origin: friend, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': friend,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      vary: expect.stringMatching(/origin/i) as string,
    });
    const response = await browser.fetch('/trpc/auth.register', {
      method: 'POST',
      headers: {
        origin: friend,
        'sec-fetch-site': 'cross-site',
        'content-type': 'application/json',
      },
      body: JSON.stringify(makePerson()),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(friend);
    expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After');
    expect(response.headers.get('vary')).toMatch(/\borigin\b/i);
    const refused = await browser.fetch('/trpc/auth.nope', { headers: { origin: friend } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      404,
      friend,
    ]);
  });

  test('may post the forms too', async () => {
    await using server = await startTestServer('sqlite', {
      ALLOWED_ORIGINS: `https://x.test, ${friend}`,
    });
    const response = await server.openBrowser().fetch('/register', {
      method: 'POST',
      headers: { origin: friend, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({
        name: 'Ada',
        email: 'ada@example.com',
        password: makePerson().password,
      }),
    });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/secrets#welcome']);
  });

  test('may read the API alone, and no page', async () => {
    await using server = await startTestServer('sqlite', { ALLOWED_ORIGINS: friend });
    for (const path of ['/', '/secrets', '/favicon.svg', '/healthz', '/download/cheat-sheet.pdf']) {
      const response = await server.openBrowser().fetch(path, { headers: { origin: friend } });
      expect([path, response.headers.get('access-control-allow-origin')]).toEqual([path, null]);
    }
  });

  test.each([
    'https://evil.com',
    'null',
    `${friend}.evil.com`,
    `${friend}:8443`,
    'http://app.friend.test',
  ])('is not %s', async (origin) => {
    await using server = await startTestServer('sqlite', { ALLOWED_ORIGINS: friend });
    for (const init of [
      { method: 'OPTIONS', headers: { origin, ...preflight } },
      { headers: { origin } },
    ]) {
      const { headers } = await server.openBrowser().fetch('/trpc/auth.session', init);
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        JSON.stringify(init),
      ).toEqual([]);
      expect(headers.get('vary'), JSON.stringify(init)).toMatch(/\borigin\b/i);
    }
  });

  // ASVS 3.4.2
  test('is nobody by default', async () => {
    await using server = await startTestServer('sqlite');
    const asked = await server.openBrowser().fetch('/trpc/auth.session', {
      method: 'OPTIONS',
      headers: { origin: friend, ...preflight },
    });
    expect([asked.status, asked.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const { headers } = await server
      .openBrowser()
      .fetch('/trpc/auth.session', { headers: { origin: friend } });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
