import { expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const encode = (form: unknown) => Buffer.from(JSON.stringify(form)).toString('base64url');
const visit = (server: TestServer, path: string, typed: string) =>
  requestTarget(server.url, path, { headers: { cookie: `typed-login=${typed}` } });

test('What was typed is shown once, on its own page, to be kept by nobody', async () => {
  await using server = await startTestServer('sqlite');
  const browser = server.openBrowser();
  browser.cookies.set('typed-login', encode({ identifier: 'ada@example.com' }));
  expect(await (await browser.visit('/register')).text()).not.toContain('ada@example.com');
  const shown = await browser.visit('/login');
  expect(await shown.text()).toContain('value="ada@example.com"');
  expect(shown.headers.get('cache-control')).toBe('private, no-store');
  expect(shown.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^typed-login=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/),
  ]);
  expect(browser.cookies.has('typed-login')).toBe(false);
  expect(await (await browser.visit('/login')).text()).not.toContain('ada@example.com');
});

test('A cookie that says anything else is passed over', async () => {
  await using server = await startTestServer('sqlite');
  const { body } = await requestTarget(server.url, '/login');
  const worthless = [
    '',
    '%',
    'x'.repeat(4000),
    encode(null),
    encode([]),
    encode('text'),
    encode(['ada']),
    encode({ identifier: 1 }),
    encode({ identifier: { identifier: 'ada' } }),
    encode({ 'identifier" aria-describedby="identifier-error': 'ada' }),
    `${encode({ identifier: 'ada' })}=broken`.slice(4),
  ];
  for (const typed of worthless) {
    const answer = await visit(server, '/login', typed);
    expect([typed.slice(0, 40), answer.status, answer.body === body]).toEqual([
      typed.slice(0, 40),
      200,
      true,
    ]);
  }
});

test('A cookie made by hand can put text into the fields of the form, and nothing more', async () => {
  await using server = await startTestServer('sqlite');
  const fields = {
    password: 'from-the-cookie',
    constructor: 'from-the-cookie',
    identifier: '"><script>alert(1)</script>',
  };
  const { status, body } = await visit(server, '/login', encode(fields));
  expect(status).toBe(200);
  expect(body).not.toContain('<script>alert');
  expect(body).not.toContain('from-the-cookie');
  expect(body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
});

test('On https the cookie has the prefix that keeps other hosts from setting it', async () => {
  await using server = await startTestServer('sqlite', { PUBLIC_URL: 'https://latchkey.test' });
  const browser = server.openBrowser();
  await browser.submit('/login', { identifier: 'ada' });
  expect([...browser.cookies.keys()]).toEqual(['__Host-typed-login']);
  expect(await (await browser.visit('/login')).text()).toContain('value="ada"');
  const unprefixed = await visit(server, '/login', encode({ identifier: 'ada' }));
  expect(unprefixed.body).not.toContain('value="ada"');
});
