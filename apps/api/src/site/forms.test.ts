import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { findPerson } from '../admin/find-person.ts';
import { demandResetLink } from '../admin/reset-link.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { openBrokenDatabase } from '../testing/broken-database.ts';
import type { Browser } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const where = (response: Response) => [response.status, response.headers.get('location')];
const hostileNexts = [
  '//evil.com',
  '/\\evil.com',
  'https://evil.com/',
  'javascript:alert(1)',
  '/\t/evil.com',
  '/.//evil.com',
  '\\\\evil.com',
  ' //evil.com',
  'evil',
  '',
  `/${'a'.repeat(2100)}`,
];

/** Name → value of the fields that a page shows with something in them. */
function readValues(html: string): Record<string, string> {
  const inputs = html.match(/<input(?! type="hidden")[^>]*>/g) ?? [];
  const find = (input: string, attribute: string) =>
    new RegExp(` ${attribute}="([^"]*)"`).exec(input)?.[1];
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const value = / checked/.test(input) ? 'on' : find(input, 'value');
      return value === undefined ? [] : [[find(input, 'name') ?? '', value]];
    }),
  );
}

const makeLink = async ({ deps }: TestServer, email: string) =>
  demandResetLink(deps, await findPerson(deps.database, email));

async function readFormAgain(browser: Browser, response: Response) {
  const location = response.headers.get('location') ?? '';
  return readValues(await (await browser.visit(location)).text());
}

describe.each(dialects)('without JavaScript, on %s,', (dialect) => {
  test('a person registers, logs out and logs in again', async () => {
    await using server = await startTestServer(dialect);
    const person = makePerson();
    const browser = server.openBrowser();
    expect(where(await browser.submit('/register', person))).toEqual([303, '/secrets#welcome']);
    expect((await browser.visit('/secrets')).status).toBe(200);
    expect(where(await browser.submit('/logout', {}))).toEqual([303, '/#signed-out']);
    expect([...browser.cookies.keys()]).toEqual(['device', 'seen']);
    expect((await browser.visit('/secrets')).status).toBe(302);
    const { email, username, password } = person;
    for (const identifier of [email, username, email.toUpperCase()]) {
      const response = await browser.submit('/login', { identifier, password });
      expect(where(response), identifier).toEqual([303, '/secrets']);
      expect(response.headers.get('cache-control'), identifier).toBe('private, no-store');
      expect((await browser.visit('/secrets')).status, identifier).toBe(200);
    }
  });

  test('a taken email leads to the log-in with that email in its field', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const browser = server.openBrowser();
    const response = await browser.submit(
      '/register?next=/secrets.json',
      makePerson({ email: person.email }),
    );
    expect(where(response)).toEqual([303, '/login?next=%2Fsecrets.json#email-taken']);
    expect(await readFormAgain(browser, response)).toEqual({ identifier: person.email });
  });
});

describe.each(dialects)('the form of a reset link, on %s,', (dialect) => {
  const newPassword = 'another quiet lantern';

  test('sets the password once, and leads to the log-in', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    const stranger = server.openBrowser();
    const response = await stranger.submit('/reset-password', { token, newPassword });
    expect(where(response)).toEqual([303, '/login#password-reset']);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect((await browser.visit('/secrets')).status).toBe(302);
    const again = await browser.submit('/reset-password', { token, newPassword });
    expect(where(again)).toEqual([303, '/reset-password#invalid-reset-link']);
    expect(await readFormAgain(browser, again)).toEqual({ token });
    const { email: identifier } = person;
    const login = await stranger.submit('/login', { identifier, password: newPassword });
    expect(where(login)).toEqual([303, '/secrets']);
  });

  test('comes back with the code, and without the password', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser } = await signUp(server);
    const { token } = await makeLink(server, person.email);
    for (const [password, messageId] of [
      ['short', 'invalid-password'],
      ['password1234', 'common-password'],
      [person.email, 'personal-password'],
    ] as const) {
      const response = await browser.submit('/reset-password', { token, newPassword: password });
      expect(where(response)).toEqual([303, `/reset-password#${messageId}`]);
      expect(await readFormAgain(browser, response), password).toEqual({ token });
    }
    for (const broken of [' ', token.slice(1), `https://site.example/#token=${token.slice(9)}`]) {
      const response = await browser.submit('/reset-password', { token: broken, newPassword });
      expect(where(response)).toEqual([303, '/reset-password#broken-reset-link']);
      expect(await readFormAgain(browser, response)).toEqual({ token: broken });
    }
    expect(where(await browser.submit('/reset-password', { token, newPassword }))).toEqual([
      303,
      '/login#password-reset',
    ]);
  });

  // ASVS 3.4.5
  test('sends no address to any page that it leads to', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await signUp(server);
    for (const reader of [browser, server.openBrowser()]) {
      const page = await reader.visit('/reset-password');
      expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
      expect(await page.text()).toContain('<meta name="referrer" content="no-referrer">');
    }
  });
});

describe('staying signed in', () => {
  test.each([
    [{ staySignedIn: 'on' }, true],
    [{ staySignedIn: 'true' }, true],
    [{ staySignedIn: 'off' }, false],
    [{}, false],
  ])('with %o is %s', async (choice, stays) => {
    await using server = await startTestServer('sqlite');
    const registered = await server
      .openBrowser()
      .submit('/register', { ...makePerson(), ...choice });
    expect(registered.status).toBe(303);
    expect(
      registered.headers
        .getSetCookie()
        .find((text) => text.startsWith('session='))
        ?.includes('Max-Age'),
    ).toBe(stays);
  });
});

describe('the way on after success', () => {
  test('is `next` from the address, or from the form', async () => {
    await using server = await startTestServer('sqlite');
    const { person } = await signUp(server);
    const { email: identifier, password } = person;
    const logIn = (query: string, more = {}) =>
      server.openBrowser().submit(`/login${query}`, { identifier, password, ...more });
    expect(where(await logIn('?next=/secrets.json%3Fa%3Db%23c'))).toEqual([
      303,
      '/secrets.json?a=b#c',
    ]);
    expect(where(await logIn('', { next: '/logout' }))).toEqual([303, '/logout']);
    expect(where(await logIn('?next=/secrets.json', { next: '//evil.com' }))).toEqual([
      303,
      '/secrets.json',
    ]);
    expect(where(await logIn('?next=/a&next=/b'))).toEqual([303, '/secrets']);
    const register = (query: string) =>
      server.openBrowser().submit(`/register${query}`, makePerson());
    expect(where(await register('?next=/logout'))).toEqual([303, '/logout#welcome']);
    expect(where(await register('?next=/secrets%23going-live'))).toEqual([
      303,
      '/secrets#going-live',
    ]);
  });

  // ASVS 3.7.2
  test.each(hostileNexts)('is never %j', async (next) => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    const query = `?${new URLSearchParams({ next }).toString()}`;
    expect(
      where(
        await browser.submit(`/login${query}`, { identifier: 'ada', password: 'no such person' }),
      ),
    ).toEqual([303, '/login#invalid-credentials']);
    expect(
      where(
        await browser.submit('/login', { identifier: 'ada', password: 'no such person', next }),
      ),
    ).toEqual([303, '/login#invalid-credentials']);
    expect(where(await browser.submit(`/register${query}`, makePerson()))).toEqual([
      303,
      '/secrets#welcome',
    ]);
  });
});

describe('a form with something wrong comes back with its message and what was typed', () => {
  const right = {
    name: '<b>Zoë "Z" שלום</b>',
    email: 'zoe@example.com',
    username: 'zoe',
    password: 'quiet lantern moss',
  };
  const shown = {
    name: '&lt;b&gt;Zoë &quot;Z&quot; שלום&lt;/b&gt;',
    email: 'zoe@example.com',
    username: 'zoe',
  };

  test.each([
    ['invalid-name', { name: ' ' }, { name: ' ' }],
    ['invalid-name', { name: 'a'.repeat(81) }, { name: 'a'.repeat(81) }],
    ['invalid-email', { email: 'zoe' }, { email: 'zoe' }],
    ['invalid-username', { username: 'z z' }, { username: 'z z' }],
    ['invalid-password', { password: 'short' }, {}],
    ['invalid-password', { password: '' }, {}],
    ['common-password', { password: 'password1234' }, {}],
    ['personal-password', { password: 'zoe@example.com' }, {}],
    ['invalid-input', { name: '', email: '', password: '' }, { name: '', email: '' }],
    ['invalid-email', { email: 'zoe', staySignedIn: 'on' }, { email: 'zoe', staySignedIn: 'on' }],
  ])('%s for %o', async (messageId, wrong, changed) => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    const response = await browser.submit('/register?next=/secrets%3Fa', { ...right, ...wrong });
    expect(where(response)).toEqual([303, `/register?next=%2Fsecrets%3Fa#${messageId}`]);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await readFormAgain(browser, response)).toEqual({ ...shown, ...changed });
    expect(browser.cookies.has('session')).toBe(false);
  });

  test.each([
    ['/register', 'email', 'zoe', 'An email address needs an @, as in name@example.com.'],
    ['/register', 'email', 'z oe@example.com', 'An email address cannot contain spaces.'],
    ['/register', 'email', '', 'Please enter your email address.'],
    ['/register', 'name', '', 'Please enter your name.'],
    ['/register', 'name', 'a\u202Eb', 'A name cannot contain characters that change the direction'],
    ['/register', 'username', 'z z', 'Use letters, digits, dots, dashes or underscores.'],
    ['/login', 'identifier', '', 'Please enter your email or username.'],
    ['/login', 'identifier', 'a'.repeat(300), 'An email or username has at most 254 characters.'],
  ])('%s says beside %s what is wrong with "%s"', async (page, field, typed, sentence) => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    const fields = page === '/login' ? { password: 'quiet lantern moss' } : right;
    await browser.submit(page, { ...fields, [field]: typed });
    const told = new RegExp(`aria-invalid="true"[^]*-error"[^>]*>${sentence}`);
    expect(await (await browser.visit(page)).text()).toMatch(told);
    expect(await (await browser.visit(page)).text()).not.toMatch(told);
  });

  test('a taken username', async () => {
    await using server = await startTestServer('sqlite');
    const { person } = await signUp(server);
    const browser = server.openBrowser();
    const response = await browser.submit('/register', { ...right, username: person.username });
    expect(where(response)).toEqual([303, '/register#username-taken']);
    expect(await readFormAgain(browser, response)).toEqual({ ...shown, username: person.username });
  });

  test.each([
    ['invalid-credentials', { identifier: 'nobody@example.com', password: 'quiet lantern' }],
    ['invalid-input', { identifier: 'ada', password: '' }],
    ['invalid-input', { identifier: 'a'.repeat(300), password: 'quiet lantern' }],
    ['invalid-input', { identifier: 'ada', password: 'a'.repeat(1025) }],
  ])('%s at the log-in', async (messageId, fields) => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    const response = await browser.submit('/login?next=/secrets.json', {
      ...fields,
      staySignedIn: 'on',
    });
    expect(where(response)).toEqual([303, `/login?next=%2Fsecrets.json#${messageId}`]);
    expect(await readFormAgain(browser, response)).toEqual({
      identifier: fields.identifier,
      staySignedIn: 'on',
    });
  });

  test.each([
    ['unknown-email', { identifier: 'nobody@example.com' }],
    ['wrong-password', {}],
  ])('%s where the operator wants it explained', async (messageId, who) => {
    await using server = await startTestServer('sqlite', { EXPLAIN_LOGIN_ERRORS: 'true' });
    const { person } = await signUp(server);
    const response = await server
      .openBrowser()
      .submit('/login', { identifier: person.email, password: 'not this one', ...who });
    expect(where(response)).toEqual([303, `/login#${messageId}`]);
  });

  test('registration-closed', async () => {
    await using server = await startTestServer('sqlite', { REGISTRATION: 'closed' });
    expect(where(await server.openBrowser().submit('/register', right))).toEqual([
      303,
      '/register#registration-closed',
    ]);
  });

  test('too-many-attempts', async () => {
    await using server = await startTestServer('sqlite');
    const browser = server.openBrowser();
    const attempt = () => browser.submit('/login', { identifier: 'ada', password: 'not this one' });
    for (let count = 0; count < 5; count += 1) await attempt();
    const response = await attempt();
    expect(where(response)).toEqual([303, '/login#too-many-attempts']);
    expect(await readFormAgain(browser, response)).toEqual({ identifier: 'ada' });
    await attempt();
    expect(await (await browser.visit('/login')).text()).toMatch(
      /Please wait and try again\. <span data-slot="wait">You can try again in \d+ seconds\.<\/span>/,
    );
  });

  test.each(['/login', '/register', '/logout', '/reset-password'])(
    'unexpected-error at %s, when the database fails',
    async (path) => {
      await using server = await startTestServer(
        'sqlite',
        {},
        { database: await openBrokenDatabase() },
      );
      const browser = server.openBrowser();
      browser.cookies.set('session', 'A'.repeat(43));
      const response = await browser.submit(path, { ...right, identifier: 'zoe' });
      expect(where(response)).toEqual([303, `${path}#unexpected-error`]);
      browser.cookies.delete('session');
      const page = await browser.visit(path);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('id="unexpected-error"');
      expect(server.logLines.some((line) => line.includes('A request failed.'))).toBe(true);
      expect(server.logLines.join('')).not.toContain(right.password);
    },
  );

  test('every message that a form can lead to stands on its page', async () => {
    await using server = await startTestServer('sqlite');
    const html = async (path: string) => (await server.openBrowser().visit(path)).text();
    const common = [
      'invalid-input',
      'too-many-attempts',
      'overloaded',
      'unexpected-error',
      'cross-site',
    ];
    const expected = {
      '/login': [
        ...common,
        'invalid-credentials',
        'unknown-email',
        'wrong-password',
        'email-taken',
        'sign-in-required',
        'password-reset',
      ],
      '/register': [
        ...common,
        'username-taken',
        'registration-closed',
        'invitation-required',
        'invitation-not-valid',
        'broken-reset-link',
        'email-domain-not-allowed',
        'invalid-name',
        'invalid-email',
        'invalid-username',
        'invalid-password',
        'common-password',
        'personal-password',
      ],
      '/reset-password': [
        ...common,
        'invalid-reset-link',
        'invalid-password',
        'common-password',
        'personal-password',
      ],
      '/logout': ['unexpected-error'],
      '/': ['signed-out', 'account-deleted'],
      '/secrets': ['welcome'],
      '/dashboard': [
        ...common,
        'profile-saved',
        'invalid-name',
        'invalid-username',
        'username-taken',
        'email-changed',
        'invalid-email',
        'email-in-use',
        'password-changed',
        'invalid-password',
        'common-password',
        'personal-password',
        'password-required',
        'wrong-password',
        'session-ended',
        'session-gone',
        'other-sessions-ended',
        'email-mismatch',
      ],
    };
    const { browser } = await signUp(server);
    for (const [path, ids] of Object.entries(expected)) {
      const page = ['/secrets', '/dashboard'].includes(path)
        ? await (await browser.visit(path)).text()
        : await html(path);
      const missing = ids.filter((id) => !page.includes(`id="${id}"`));
      expect([path, missing]).toEqual([path, []]);
    }
  });
});

describe('what is no form of ours', () => {
  test('missing and duplicate fields are invalid input', async () => {
    await using server = await startTestServer('sqlite');
    const post = (path: string, body: string) =>
      server.openBrowser().fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      });
    expect(where(await post('/login', ''))).toEqual([303, '/login#invalid-input']);
    expect(where(await post('/login', 'identifier=a&identifier=b&password=c&password=d'))).toEqual([
      303,
      '/login#invalid-input',
    ]);
    expect(where(await post('/login', 'identifier[a]=b&__proto__=c&%=%zz&=&&&'))).toEqual([
      303,
      '/login#invalid-input',
    ]);
    expect(
      where(
        await post(
          '/register',
          'email=a%40example.com&email=b%40example.com&name=x&password=quiet+lantern+moss',
        ),
      ),
    ).toEqual([303, '/register#invalid-email']);
    expect(where(await post('/register', ''))).toEqual([303, '/register#invalid-input']);
    expect(where(await server.openBrowser().fetch('/login', { method: 'POST' }))).toEqual([
      303,
      '/login#invalid-input',
    ]);
  });

  test.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/xml',
    'nonsense',
  ])('%s is refused with 415', async (type) => {
    await using server = await startTestServer('sqlite');
    const { person } = await signUp(server);
    const { email: identifier, password } = person;
    for (const accept of ['text/html', '*/*']) {
      const response = await server.openBrowser().fetch('/login', {
        method: 'POST',
        headers: { 'content-type': type, accept },
        body: JSON.stringify({ identifier, password }),
      });
      expect(response.status, accept).toBe(415);
      expect(response.headers.getSetCookie(), accept).toEqual([]);
      expect(response.headers.get('content-type')).toBe(
        accept === 'text/html' ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
      );
    }
  });

  test('too much is refused with 413 and a page that says so', async () => {
    await using server = await startTestServer('sqlite');
    const response = await server
      .openBrowser()
      .submit('/register', { ...makePerson(), name: 'a'.repeat(40_000) });
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('Please send less.');
  });
});

describe('a form that another site sent', () => {
  const foreign = { origin: 'https://evil.com', 'sec-fetch-site': 'cross-site' };

  test.each(['/login', '/register', '/logout'])(
    'to %s is refused with a page that leads to the real one',
    async (path) => {
      await using server = await startTestServer('sqlite');
      const { browser } = await signUp(server);
      const response = await browser.fetch(path, {
        method: 'POST',
        headers: { ...foreign, accept: 'text/html' },
        body: new URLSearchParams({ identifier: 'a' }),
      });
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const html = await response.text();
      expect(html).toContain('That form was not sent from this site. Please try again here.');
      expect(html).toMatch(new RegExp(`<a class="button" href="${path}"[^>]*>Try again</a>`));
      expect((await browser.visit('/secrets')).status).toBe(200);
    },
  );

  test('is told in one line to a program', async () => {
    await using server = await startTestServer('sqlite');
    const response = await server
      .openBrowser()
      .fetch('/logout', { method: 'POST', headers: foreign });
    expect([response.status, await response.text()]).toEqual([
      403,
      'That form was not sent from this site. Please try again here.\n',
    ]);
  });
});

test('Logging out a second time, or as a visitor, does no harm', async () => {
  await using server = await startTestServer('sqlite');
  const browser = server.openBrowser();
  expect(where(await browser.submit('/logout', {}))).toEqual([303, '/#signed-out']);
  expect(where(await browser.submit('/logout', {}))).toEqual([303, '/#signed-out']);
});

// ASVS 3.5.3
test('A GET of /logout logs nobody out', async () => {
  await using server = await startTestServer('sqlite');
  const { browser } = await signUp(server);
  expect((await browser.visit('/logout')).status).toBe(200);
  expect((await browser.visit('/secrets')).status).toBe(200);
});

describe.each(dialects)('who signs in without JavaScript, on %s', (dialect) => {
  // Node sets the other header that browsers send, `Sec-Fetch-Mode`, itself.
  const asBrowser = { accept: 'text/html', 'upgrade-insecure-requests': '1' };
  const post = (browser: Browser, path: string, fields: Record<string, string>) =>
    browser.fetch(path, { method: 'POST', headers: asBrowser, body: new URLSearchParams(fields) });

  test('goes on by way of the log-in, which sees the cookie come back', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const registered = await post(browser, '/register?next=/blog', makePerson());
    const check = '/login?next=%2Fblog%23welcome&cookie=check';
    expect(where(registered)).toEqual([303, check]);
    expect(where(await browser.visit(check))).toEqual([302, '/blog#welcome']);
  });

  test.each([['all cookies'], ['the session alone']])(
    'is told when the browser drops %s, once and without a circle',
    async (dropped) => {
      await using server = await startTestServer(dialect);
      const { person } = await signUp(server);
      const browser = server.openBrowser();
      const { email: identifier, password } = person;
      const sent = await post(browser, '/login?next=/secrets', { identifier, password });
      const session = [...browser.cookies.keys()].find((name) => name.startsWith('session'));
      if (dropped === 'all cookies') browser.cookies.clear();
      else browser.cookies.delete(session ?? 'none');
      const checked = await browser.visit(sent.headers.get('location') ?? '');
      expect(where(checked)).toEqual([302, '/login?next=%2Fsecrets#cookies-blocked']);
      expect(checked.headers.get('cache-control')).toBe('private, no-store');
      const told = await browser.visit(checked.headers.get('location') ?? '');
      expect([told.status, (await told.text()).includes('id="cookies-blocked"')]).toEqual([
        200,
        true,
      ]);
    },
  );
});
