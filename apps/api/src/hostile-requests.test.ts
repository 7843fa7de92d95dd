/**
 * Requests that no browser would send, drawn by fast-check: whatever comes, the server answers, never
 * with 500 or more, and never with what is not the asker's to see. FUZZ_RUNS and FUZZ_SEED ask for more
 * and for others than those of every day.
 */
import { dialects } from '@latchkey/db/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Browser } from './testing/browser.ts';
import { signUp } from './testing/people.ts';
import { requestTarget } from './testing/raw-request.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';
import { appRouter } from './trpc/router.ts';

const runs = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 120),
  seed: Number(process.env['FUZZ_SEED'] ?? 20_261_126),
  endOnFailure: true,
};
const origin = 'http://localhost:3000';
const procedures = Object.keys(appRouter._def.procedures);
const nothingOfOurs = /node_modules|Sequelize|SQLITE_|\bSELECT\b|\bINSERT\b|\.ts:\d/;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '\0',
    'ada\0lovelace',
    '\ud800',
    '\udfff@example.com',
    'İ@example.com',
    '\u202e',
    '__proto__',
    'constructor',
    '%',
    '%00',
    '%ff%fe',
    '../../etc/passwd',
    "'; DROP TABLE users; --",
    '<script>alert(1)</script>',
    'x'.repeat(3000),
    'é'.repeat(2000),
    '1e999',
    '-0',
  ),
);
const fieldName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('name', 'email', 'username', 'password', 'identifier') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      'newPassword',
      'currentPassword',
      'token',
      'slug',
      'id',
      'cursor',
      'limit',
      'staySignedIn',
      'next',
    ),
  },
  { weight: 1, arbitrary: text },
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
const input = fc.oneof(
  { weight: 4, arbitrary: fc.dictionary(fieldName, value, { maxKeys: 6 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const procedure = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...procedures) },
  { weight: 1, arbitrary: text.map(encode) },
);
/** What may stand in a header: no line ends, and no character that one byte cannot hold. */
const headerValue = text.map((characters) =>
  characters.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'),
);
const pathPiece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('secrets', 'dashboard', 'download', 'cheat-sheet.pdf', 'blog'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('..', '.', '', '%2e%2e', '%2f', '\\', '%5c', ';', '%00'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('feeds', 'trpc', 'auth.session', '_astro', 'index.html'),
  },
  { weight: 1, arbitrary: text.map(encode) },
);
const path = fc
  .array(pathPiece, { minLength: 1, maxLength: 5 })
  .map((pieces) => `/${pieces.join('/')}`);

/** Lone surrogates have no encoding. */
function encode(characters: string): string {
  return encodeURIComponent(characters.toWellFormed());
}

type Answer = { status: number; body: string; headers: Headers };

const read = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: await response.text(),
  headers: response.headers,
});

/** What the members' pages hold, to look for in the answers of strangers. */
async function listSecrets({ client }: Awaited<ReturnType<typeof signUp>>): Promise<string[]> {
  const sections = await client.secrets.list.query();
  return JSON.stringify(sections).match(/[A-Z][a-z]+(?: [a-z]+){5,}/g) ?? [];
}

function expectSound({ status, body, headers }: Answer, secrets: readonly string[] = []): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  expect(body).not.toMatch(nothingOfOurs);
  for (const secret of secrets) expect(body).not.toContain(secret);
  const location = headers.get('location');
  if (location !== null) expect(new URL(location, origin).origin).toBe(origin);
}

/** A new one each time has an address of its own, which no limit knows. */
const openStranger = ({ url }: TestServer) => new Browser(url, origin);

async function ask(browser: Browser, address: string, init: RequestInit = {}): Promise<Answer> {
  return read(await browser.fetch(address, init));
}

const asJson = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe.each(dialects)('whatever is sent, on %s,', (dialect) => {
  test('a procedure answers strangers and members', async () => {
    await using server = await startTestServer(dialect);
    const secrets = await listSecrets(await signUp(server));
    expect(secrets).not.toEqual([]);
    await fc.assert(
      fc.asyncProperty(procedure, input, async (name, body) => {
        expectSound(await ask(openStranger(server), `/trpc/${name}`, asJson(body)), secrets);
        const query = encodeURIComponent(JSON.stringify(body));
        const asked = `/trpc/${name}?input=${query}`;
        expectSound(await ask(openStranger(server), asked), secrets);
        // Somebody new each time: a call may sign them out, and changes are counted.
        const { browser } = await signUp(server);
        expectSound(await ask(browser, asked));
        expectSound(await ask(browser, `/trpc/${name}`, asJson(body)));
      }),
      runs,
    );
  });

  test('a batch of procedures is answered', async () => {
    await using server = await startTestServer(dialect);
    await fc.assert(
      fc.asyncProperty(
        fc.array(procedure, { minLength: 1, maxLength: 12 }),
        fc.oneof(fc.dictionary(fc.constantFrom('0', '1', '2', '-1', 'x'), input), input),
        async (names, body) => {
          const address = `/trpc/${names.join(',')}?batch=1`;
          expectSound(await ask(openStranger(server), address, asJson(body)));
          const query = encodeURIComponent(JSON.stringify(body));
          expectSound(await ask(openStranger(server), `${address}&input=${query}`));
        },
      ),
      runs,
    );
  });

  test('a body of any type and content is answered', async () => {
    await using server = await startTestServer(dialect);
    const types = fc.oneof(
      fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
        'text/plain',
        'application/octet-stream',
        'application/json; charset=utf-7',
      ),
      headerValue,
    );
    const place = fc.oneof(
      procedure.map((name) => `/trpc/${name}`),
      fc.constantFrom('/login', '/register', '/logout', '/dashboard', '/reset-password', '/blog'),
      fc.constantFrom('/check-email', '/confirm-email', '/undo-email', '/secure-account'),
    );
    await fc.assert(
      fc.asyncProperty(place, types, fc.uint8Array({ maxLength: 200 }), async (to, type, body) => {
        const init = { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(body) };
        expectSound(await ask(openStranger(server), to, init));
      }),
      runs,
    );
  });

  test('a form is answered, and leads nowhere else', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person } = await signUp(server);
    const place = fc.constantFrom(
      ...['/login', '/register', '/reset-password', '/logout', '/confirm-email', '/undo-email'],
      ...['/secure-account', '/second-factor'],
    );
    const fields = fc.dictionary(fc.oneof(fieldName, fc.constant('action')), text, { maxKeys: 6 });
    const next = fc.oneof(
      path,
      text,
      fc.webUrl(),
      fc.webUrl().map((url) => url.slice(5)),
    );
    const login = { identifier: person.email, password: person.password };
    await fc.assert(
      fc.asyncProperty(place, fields, next, async (to, typed, wanted) => {
        const query = `?${new URLSearchParams({ next: wanted.toWellFormed() }).toString()}`;
        const form = new URLSearchParams(typed);
        const sent = { method: 'POST', headers: { accept: 'text/html' }, body: form };
        expectSound(await ask(openStranger(server), to + query, sent));
        expectSound(await ask(browser, `/login${query}`));
        expectSound(
          await ask(openStranger(server), `/login${query}`, {
            ...sent,
            body: new URLSearchParams(login),
          }),
        );
      }),
      runs,
    );
  });

  test('a form of the dashboard is answered', async () => {
    await using server = await startTestServer(dialect);
    const action = fc.oneof(
      fc.constantFrom('profile', 'email', 'password', 'end-session', 'end-other-sessions'),
      fc.constantFrom('make-feed', 'revoke-feed', 'export', 'delete'),
      text,
    );
    const fields = fc.dictionary(fieldName, text, { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(action, fields, async (name, typed) => {
        const { browser } = await signUp(server);
        const body = new URLSearchParams({ ...typed, action: name });
        const sent = { method: 'POST', headers: { accept: 'text/html' }, body };
        expectSound(await ask(browser, '/dashboard', sent));
        expectSound(await ask(browser, '/dashboard'));
      }),
      runs,
    );
  });

  test('a cookie of any content is answered, and signs nobody in', async () => {
    await using server = await startTestServer(dialect);
    const secrets = await listSecrets(await signUp(server));
    const names = fc.constantFrom(
      ...['session', 'signed-in', 'device', 'seen', 'reader', 'typed-check-email', 'x'],
      ...['pending-login', 'remembered'],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, headerValue)), path, async (pairs, wanted) => {
        const cookie = pairs.map(([name, content]) => `${name}=${content}`).join('; ');
        const headers = { Cookie: cookie, Accept: 'text/html' };
        const askFor = (place: string) => requestTarget(server.url, place, { headers });
        for (const place of [wanted, '/']) expectSound(await askFor(place), secrets);
        expect((await askFor('/secrets')).status).toBe(302);
        expect((await askFor('/trpc/auth.session')).body).toBe('{"result":{"data":null}}');
      }),
      { ...runs, numRuns: Math.ceil(runs.numRuns / 2) },
    );
  });
});

test('any path with any headers is answered, and tells no stranger of the members’ pages', async () => {
  await using server = await startTestServer('sqlite');
  const secrets = await listSecrets(await signUp(server));
  const names = fc.constantFrom(
    'Accept',
    'Accept-Encoding',
    'Accept-Language',
    'Authorization',
    'If-Match',
    'If-Modified-Since',
    'If-None-Match',
    'If-Range',
    'Origin',
    'Range',
    'Referer',
    'Sec-Fetch-Site',
    'Sec-Purpose',
    'User-Agent',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Original-URI',
    'latchkey-person',
  );
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH');
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      fc.dictionary(names, headerValue, { maxKeys: 6 }),
      async (verb, wanted, headers) => {
        const answer = await requestTarget(server.url, wanted, { method: verb, headers });
        expectSound(answer, secrets);
      },
    ),
    { ...runs, numRuns: runs.numRuns * 3 },
  );
});

test('a range of a download gives those bytes, all of them, or 416', async () => {
  await using server = await startTestServer('sqlite');
  const { browser } = await signUp(server);
  const file = '/download/cheat-sheet.pdf';
  const whole = Buffer.from(await (await browser.fetch(file)).arrayBuffer());
  const end = fc.oneof(fc.constant(''), fc.integer({ min: 0, max: whole.length * 2 }).map(String));
  const range = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(end, end).map(([from, to]) => `bytes=${from}-${to}`) },
    { weight: 1, arbitrary: headerValue },
    { weight: 1, arbitrary: headerValue.map((rest) => `bytes=${rest}`) },
  );
  await fc.assert(
    fc.asyncProperty(range, async (wanted) => {
      const answer = await browser.fetch(file, { headers: { range: wanted } });
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect([200, 206, 416]).toContain(answer.status);
      if (answer.status === 200) expect(bytes.equals(whole)).toBe(true);
      if (answer.status !== 206) return;
      const [, from, to, size] =
        /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
      expect(Number(size)).toBe(whole.length);
      expect(bytes.equals(whole.subarray(Number(from), Number(to) + 1))).toBe(true);
    }),
    runs,
  );
});
