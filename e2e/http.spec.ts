import { createSend, createMember, expect, test, callApi } from './fixtures/http.ts';
import { createPerson } from './fixtures/people.ts';
import { hostileNextPaths, oddNextPaths } from './fixtures/next-paths.ts';

/** Path → status for a visitor, status for a member, where a redirect leads. */
const table: [path: string, visitor: number, member: number, location?: string][] = [
  ['/', 200, 200],
  ['/login', 200, 302, '/dashboard'],
  ['/register', 200, 302, '/dashboard'],
  ['/logout', 200, 200],
  ['/secrets', 302, 200, '/login?next=%2Fsecrets#sign-in-required'],
  ['/secrets?a=b&c=%20', 302, 200, '/login?next=%2Fsecrets%3Fa%3Db%26c%3D%2520#sign-in-required'],
  ['/dashboard', 302, 200, '/login?next=%2Fdashboard#sign-in-required'],
  ['/dashboard.html', 301, 301, '/dashboard'],
  ['/download/cheat-sheet.pdf', 401, 200],
  ['/download/nothing-here.pdf', 404, 404],
  ['/secrets.json', 401, 200],
  ['/404', 404, 404],
  ['/nothing-here', 404, 404],
  ['/secrets/nothing-here', 404, 404],
  ['/_astro/nothing-here.js', 404, 404],
  ['/favicon.svg', 200, 200],
  ['/robots.txt', 200, 200],
  ['/sitemap.xml', 200, 200],
  ['/manifest.webmanifest', 200, 200],
  ['/social.png', 200, 200],
  ['/login/', 301, 301, '/login'],
  ['/login.html', 301, 301, '/login'],
  ['/login.html?next=%2Fsecrets', 301, 301, '/login?next=%2Fsecrets'],
  ['/index.html', 301, 301, '/'],
  ['/secrets/', 301, 301, '/secrets'],
  ['/secrets.html', 301, 301, '/secrets'],
  ['/secrets.html.br', 404, 404],
  ['/secrets.json.br', 404, 404],
  ['//secrets', 404, 404],
  ['/./secrets%2e', 404, 404],
  ['/%2e%2e/%2e%2e/package.json', 404, 404],
  ['/..%2f..%2fpackage.json', 404, 404],
  ['/..%5c..%5cpackage.json', 404, 404],
  ['/download/..%2f..%2fpackage.json', 404, 404],
  ['/%00', 404, 404],
  ['/%E0%A4%A', 404, 404],
  ['/%73ecrets', 302, 200, '/login?next=%2Fsecrets#sign-in-required'],
  ['/SECRETS', 404, 404],
];

for (const [path, visitor, member, location] of table) {
  test(`GET ${path}: ${visitor} for a visitor, ${member} for a member`, async ({
    send,
    sendAsMember,
  }) => {
    const [toVisitor, toMember] = await Promise.all([send(path), sendAsMember(path)]);
    expect(toVisitor.status, 'visitor').toBe(visitor);
    expect(toMember.status, 'member').toBe(member);
    const redirected = [toVisitor, toMember].filter(({ status }) => status > 300 && status < 400);
    for (const { headers } of redirected) expect(headers.get('location')).toBe(location);
    for (const answer of [toVisitor, toMember])
      expect(await answer.text()).not.toContain('"dependencies"');
  });
}

test('a visitor gets nothing of what is for members', async ({ send, sendAsMember }) => {
  const { items } = (await (await sendAsMember('/secrets.json')).json()) as {
    items: { title: string }[];
  };
  const titles = items.map(({ title }) => title);
  expect(titles.length).toBeGreaterThan(0);
  for (const path of ['/', '/secrets', '/secrets.json', '/secrets.html', '/login']) {
    const text = await (await send(path)).text();
    for (const title of titles) expect(text, path).not.toContain(title);
  }
});

for (const next of hostileNextPaths) {
  test(`next ${JSON.stringify(next).slice(0, 50)} leads nowhere else`, async ({
    server,
    sendAsMember,
  }) => {
    const query = `?next=${encodeURIComponent(next)}`;
    const onward = await sendAsMember(`/login${query}`);
    expect(onward.headers.get('location')).toBe('/dashboard');
    const { person } = await createMember(server.origin);
    const posted = await createSend(server.origin)(`/login${query}`, {
      method: 'POST',
      headers: { origin: server.origin },
      body: new URLSearchParams({ identifier: person.email, password: person.password, next }),
    });
    expect(posted.status).toBe(303);
    expect(posted.headers.get('location')).toBe('/secrets');
  });
}

test('an odd path of this site stays on this site', async ({ server, sendAsMember }) => {
  for (const next of oddNextPaths) {
    const onward = await sendAsMember(`/login?next=${encodeURIComponent(next)}`);
    const target = new URL(onward.headers.get('location') ?? '', server.origin);
    expect(target.origin, next).toBe(server.origin);
  }
});

test('every answer carries the security headers', async ({ send, sendAsMember }) => {
  const answers = await Promise.all([
    ...['/', '/login', '/secrets', '/nothing-here', '/favicon.svg', '/trpc/auth.session'].map(
      (path) => send(path),
    ),
    ...['/secrets', '/secrets.json', '/login'].map((path) => sendAsMember(path)),
  ]);
  for (const { url, headers } of answers) {
    expect(headers.get('x-content-type-options'), url).toBe('nosniff');
    expect(headers.get('referrer-policy'), url).toBe('strict-origin-when-cross-origin');
    expect(headers.get('cross-origin-opener-policy'), url).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy'), url).toBe('same-origin');
    expect(headers.get('permissions-policy'), url).toContain('camera=()');
    expect(headers.get('content-security-policy'), url).toContain("frame-ancestors 'none'");
    expect(headers.get('strict-transport-security'), url).toBe(null);
    expect(headers.get('server'), url).toBe(null);
    expect(headers.get('x-powered-by'), url).toBe(null);
  }
});

// ASVS 3.4.3, 14.2.3
test('each page’s policy lets nothing in that is not its own', async ({ send, sendAsMember }) => {
  const paths = ['/', '/login', '/register', '/logout', '/nothing-here'];
  const answers = [
    ...(await Promise.all(paths.map((path) => send(path)))),
    await sendAsMember('/secrets'),
  ];
  for (const { url, headers } of answers) {
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, url).toContain("default-src 'self'");
    expect(policy, url).toContain("object-src 'none'");
    expect(policy, url).toContain("base-uri 'none'");
    expect(policy, url).toContain("form-action 'self'");
    expect(policy, url).toMatch(/script-src [^;]*'sha256-/);
    expect(policy, url).not.toMatch(/unsafe-inline|unsafe-eval|\*|data:/);
  }
});

// ASVS 3.3.1, 3.3.3, 3.4.1
test('on https there is HSTS, and the cookie is a __Host- one', async ({ startOwnServer }) => {
  const publicUrl = 'https://members.example';
  const { origin } = await startOwnServer({ PUBLIC_URL: publicUrl });
  const send = createSend(origin);
  const page = await send('/');
  expect(page.headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  const answer = await callApi(send, publicUrl, 'auth.register', createPerson());
  expect(answer.status).toBe(200);
  const session = answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('__Host-session='));
  expect(session).toMatch(/; HttpOnly/);
  expect(session).toMatch(/; Secure/);
  expect(session).toMatch(/; SameSite=Lax/);
  expect(session).toMatch(/; Path=\//);
  expect(session).not.toMatch(/Max-Age|Expires|Domain/);
});

for (const [title, headers] of Object.entries({
  'from another origin': { origin: 'https://evil.example' },
  'that another site makes': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  'from a sibling of this site': { origin: 'http://evil.localhost', 'sec-fetch-site': 'same-site' },
  'from nowhere': {},
  'from a sandbox': { origin: 'null' },
})) {
  test(`a POST ${title} is refused`, async ({ server, send }) => {
    const { person } = await createMember(server.origin);
    const { email: identifier, password } = person;
    const form = await send('/login', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new URLSearchParams({ identifier, password }),
    });
    expect(form.status).toBe(403);
    const call = await send('/trpc/auth.login', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' } as Record<string, string>,
      body: JSON.stringify({ identifier, password }),
    });
    expect(call.status).toBe(403);
    expect([...form.headers.getSetCookie(), ...call.headers.getSetCookie()]).toEqual([]);
  });
}

test('it says whether it lives and is ready', async ({ send }) => {
  for (const path of ['/healthz', '/readyz']) {
    const answer = await send(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toContain('no-store');
  }
});
