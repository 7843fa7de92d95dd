import { once } from 'node:events';
import { connect } from 'node:net';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { openBrokenDatabase } from './testing/broken-database.ts';
import { signUp } from './testing/people.ts';
import { requestTarget, sendRaw } from './testing/raw-request.ts';
import { startTestServer, type TestServer } from './testing/test-server.ts';

const isAlive = async ({ url }: TestServer) =>
  (await requestTarget(url, '/healthz')).status === 200;

test('Slow senders are cut off by the server itself', async () => {
  await using server = await startTestServer('sqlite');
  const { requestTimeout, headersTimeout } = server.server.server;
  expect(requestTimeout).toBe(30_000);
  expect(headersTimeout).toBeGreaterThan(0);
  expect(headersTimeout).toBeLessThanOrEqual(60_000);
});

describe('what is no HTTP', () => {
  test.each([
    ['garbage', 'hello\r\n\r\n'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a control character in the target', 'GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a line end in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n'],
    [
      'two lengths',
      'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'a length and chunks',
      'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    ['a future version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s is answered with 400, and the server lives', async (_label, text) => {
    await using server = await startTestServer('sqlite');
    expect((await sendRaw(server.url, text)).status).toBe(400);
    expect(await isAlive(server)).toBe(true);
  });
});

describe('headers', () => {
  test.each(['cookie', 'x-anything', 'accept', 'referer'])(
    'that are too large (%s) are refused with 431',
    async (name) => {
      await using server = await startTestServer('sqlite');
      const { status } = await requestTarget(server.url, '/', {
        headers: { [name]: 'a'.repeat(20_000) },
      });
      expect(status).toBe(431);
      expect(await isAlive(server)).toBe(true);
    },
  );

  test('with hundreds of cookies, whatever is in them, do not hide the right one', async () => {
    await using server = await startTestServer('sqlite');
    const { browser } = await signUp(server);
    const odd = [
      '=',
      'a',
      '=b',
      'c=',
      'd="e',
      'f=%',
      'g=%zz',
      '__proto__=x',
      'constructor=y',
      'sess\xefon=z',
      'Session=A',
      ';;',
    ];
    const many = [
      ...odd,
      ...Array.from({ length: 400 }, (_unused, index) => `name${index}=value${index}`),
    ];
    const cookie = `${many.join('; ')}; ${browser.cookieHeader}`;
    expect((await requestTarget(server.url, '/secrets', { headers: { cookie } })).status).toBe(200);
  });
});

test('A browser that goes away in the middle does no harm', async () => {
  await using server = await startTestServer('sqlite');
  const { port } = new URL(server.url);
  const pieces = [
    'GET /',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /secrets HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n',
    'POST /login HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nidentifier=',
    'POST /trpc/auth.login HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
  ];
  for (const piece of [...pieces, ...pieces]) {
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
  }
  expect(await isAlive(server)).toBe(true);
  expect(server.logLines.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test.each(dialects)(
  '200 requests at once are all answered as one would be (%s)',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    const { browser, person } = await signUp(server);
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_unused, index) => {
        const isMember = index % 2 === 0;
        const response = await (isMember ? browser : server.openBrowser()).fetch('/secrets');
        return [response.status, (await response.text()).includes(person.name)];
      }),
    );
    expect(answers).toEqual(
      Array.from({ length: 200 }, (_unused, index) =>
        index % 2 === 0 ? [200, true] : [302, false],
      ),
    );
  },
);

test('A fault is told without detail: a page to a browser, a line to a program, its envelope to the API', async () => {
  await using server = await startTestServer(
    'sqlite',
    {},
    { database: await openBrokenDatabase() },
  );
  const cookie = `session=${'A'.repeat(43)}`;
  const page = await requestTarget(server.url, '/secrets', {
    headers: { cookie, accept: 'text/html' },
  });
  expect([page.status, page.headers.get('content-type')]).toEqual([
    500,
    'text/html; charset=utf-8',
  ]);
  expect(page.body).toContain('Something went wrong on our side. Please try again.');
  const line = await requestTarget(server.url, '/secrets', { headers: { cookie } });
  expect([line.status, line.body]).toEqual([
    500,
    'Something went wrong on our side. Please try again.\n',
  ]);
  const api = await requestTarget(server.url, '/trpc/auth.session', { headers: { cookie } });
  expect(api.status).toBe(500);
  for (const { body, headers } of [page, line, api]) {
    expect(body).not.toMatch(/sqlite|sequelize|SELECT|node_modules|\.ts/i);
    expect(headers.get('cache-control')).toBe('private, no-store');
  }
});
