import { describe, expect, test } from 'vitest';
import { gradeSite, type Scanned } from '../testing/observatory.ts';
import { signUp } from '../testing/people.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Browser } from '../testing/browser.ts';

const startLiveServer = () =>
  startTestServer('sqlite', { PUBLIC_URL: 'https://members.example', NODE_ENV: 'production' });

const preflight = {
  method: 'OPTIONS',
  headers: { origin: 'https://stranger.example', 'access-control-request-method': 'GET' },
};

async function scan(browser: Browser, path: string, cookies: string[] = []): Promise<Scanned> {
  const page = await browser.visit(path);
  expect([path, page.status]).toEqual([path, 200]);
  const { headers } = await browser.fetch(path, preflight);
  const all = [...cookies, ...page.headers.getSetCookie()];
  return {
    // Copies, which a test may spoil.
    headers: new Headers(page.headers),
    preflight: new Headers(headers),
    html: await page.text(),
    cookies: all,
  };
}

/** A member's browser, and every cookie of its log-in. */
async function logIn(server: TestServer) {
  const { person } = await signUp(server);
  const browser = server.openBrowser();
  const fields = { identifier: person.email, password: person.password };
  const answer = await browser.submit('/login', fields);
  expect(answer.status).toBe(303);
  return { browser, cookies: answer.headers.getSetCookie() };
}

describe('the HTTP Observatory', () => {
  // ASVS 3.3.1, 3.3.2, 3.3.4, 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6
  test('gives A+ to public pages and to those of members', async () => {
    await using server = await startLiveServer();
    // The search runs WebAssembly, which is no code of a page.
    for (const path of ['/', '/login', '/search']) {
      const grade = gradeSite(await scan(server.openBrowser(), path));
      expect([path, grade]).toEqual([path, expect.objectContaining({ grade: 'A+', score: 125 })]);
    }
    const { browser, cookies } = await logIn(server);
    expect(cookies.length).toBeGreaterThan(1);
    for (const path of ['/', '/secrets', '/dashboard', '/search']) {
      const grade = gradeSite(await scan(browser, path, cookies));
      // Five more for cookies that are Secure and SameSite.
      expect([path, grade]).toEqual([path, expect.objectContaining({ grade: 'A+', score: 130 })]);
    }
  });

  const strip = (name: string) => (scanned: Scanned) => scanned.headers.delete(name);
  const set = (name: string, value: string) => (scanned: Scanned) =>
    scanned.headers.set(name, value);
  test.each<[string, (scanned: Scanned) => void, string]>([
    ['no policy', strip('content-security-policy'), 'B'],
    ['inline scripts', set('content-security-policy', "script-src 'unsafe-inline'"), 'B+'],
    ['scripts of anybody', set('content-security-policy', 'default-src https:'), 'B+'],
    ['no HSTS', strip('strict-transport-security'), 'B+'],
    ['a short HSTS', set('strict-transport-security', 'max-age=86400'), 'A+'],
    ['a session without Secure', ({ cookies }) => cookies.push('session=x; HttpOnly'), 'A+'],
    ['a session for scripts', ({ cookies }) => cookies.push('session=x; Secure'), 'B'],
    [
      'any site with cookies',
      ({ preflight: answer }) => {
        answer.set('access-control-allow-origin', 'https://stranger.example');
        answer.set('access-control-allow-credentials', 'true');
      },
      'C',
    ],
    [
      'a script of plain http',
      (scanned) => (scanned.html += '<script src="http://a.example/x.js"></script>'),
      'C',
    ],
  ])('gives less to %s', async (_title, spoil, most) => {
    await using server = await startLiveServer();
    const { browser, cookies } = await logIn(server);
    const scanned = await scan(browser, '/secrets', cookies);
    const before = gradeSite(scanned);
    spoil(scanned);
    const after = gradeSite(scanned);
    expect(after.grade).toBe(most);
    expect(after.score).toBeLessThan(before.score);
  });
});
