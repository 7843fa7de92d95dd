import { dialects } from '@latchkey/db/testing';
import { loginInput } from '@latchkey/shared';
import { TRPCError } from '@trpc/server';
import { describe, expect, test, vi } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { sendRaw } from '../testing/raw-request.ts';
import { catchRefusal, startTestServer } from '../testing/test-server.ts';
import { describeError } from '../http/describe-error.ts';

const failure = (httpStatus: number, code: string, reason: string) => ({
  error: { data: { code, httpStatus, reason } },
});

const nothingInternal =
  /stack|at .+\.ts|node_modules|\/work|sequelize|sqlite|postgres|select|insert|users/i;

describe.each(dialects)('the API on %s', (dialect) => {
  test.each([
    ['an unknown procedure', 'POST', '/trpc/auth.nope', '{}', 404, 'NOT_FOUND', 'not-found'],
    [
      'a property that every object has',
      'POST',
      '/trpc/auth.__proto__',
      '{}',
      404,
      'NOT_FOUND',
      'not-found',
    ],
    ['another such property', 'POST', '/trpc/constructor', '{}', 404, 'NOT_FOUND', 'not-found'],
    [
      'GET on a mutation',
      'GET',
      '/trpc/auth.login?input=%7B%7D',
      null,
      405,
      'METHOD_NOT_SUPPORTED',
      'invalid-input',
    ],
    [
      'POST on a query',
      'POST',
      '/trpc/auth.session',
      '{}',
      405,
      'METHOD_NOT_SUPPORTED',
      'invalid-input',
    ],
    [
      'a body that is no JSON',
      'POST',
      '/trpc/auth.login',
      '{"identifier":',
      400,
      'BAD_REQUEST',
      'invalid-input',
    ],
    [
      'a member’s procedure without a session',
      'GET',
      '/trpc/secrets.list',
      null,
      401,
      'UNAUTHORIZED',
      'sign-in-required',
    ],
    [
      'a body beyond the limit',
      'POST',
      '/trpc/auth.register',
      JSON.stringify(makePerson({ name: 'x'.repeat(40_000) })),
      413,
      'PAYLOAD_TOO_LARGE',
      'too-large',
    ],
  ])('answers %s in one form', async (_what, method, path, body, status, code, reason) => {
    await using server = await startTestServer(dialect);
    const answer = await server.openBrowser().fetch(path, {
      method,
      body,
      headers: { 'content-type': 'application/json' },
    });
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject(failure(status, code, reason));
    expect(answer.status).toBe(status);
    expect(text).not.toMatch(nothingInternal);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  test('answers a batch, each part for itself, and caps it', async () => {
    await using server = await startTestServer(dialect);
    const { browser, user } = await signUp(server);
    const ask = (parts: string[]) => browser.fetch(`/trpc/${parts.join(',')}?batch=1&input=%7B%7D`);
    const answer = await ask(['auth.session', 'auth.nope']);
    expect(answer.status).toBe(207);
    expect(await answer.json()).toMatchObject([
      { result: { data: { user: { id: user.id } } } },
      { error: { data: { reason: 'not-found' } } },
    ]);
    expect((await ask(Array<string>(10).fill('auth.session'))).status).toBe(200);
    const capped = await ask(Array<string>(11).fill('auth.session'));
    expect(capped.status).toBe(400);
    expect(JSON.stringify(await capped.json())).not.toContain(user.id);
  });

  test.each([
    { 'trpc-accept': 'application/jsonl' },
    { accept: 'application/jsonl' },
    { accept: 'application/json, application/jsonl' },
  ])('refuses to stream, because a log-in would then set no cookie: %o', async (stream) => {
    await using server = await startTestServer(dialect);
    const { browser, person } = await signUp(server);
    const input = { identifier: person.email, password: person.password };
    const answer = await postTrpc(browser, 'auth.login?batch=1', { 0: input }, stream);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({
      error: { data: { reason: 'streaming-unsupported' } },
    });
  });

  test.each(['multipart/form-data; boundary=x', 'Multipart/Form-Data', 'text/plain'])(
    'refuses %s before its body is read',
    async (type) => {
      await using server = await startTestServer(dialect);
      // None of the body ever comes: who waits for it gives no answer.
      const head = `POST /trpc/auth.login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: ${server.deps.settings.publicOrigin}\r\nContent-Type: ${type}\r\nContent-Length: 20\r\n\r\n`;
      const answer = await sendRaw(server.url, head);
      expect(answer.status).toBe(415);
      expect(answer.body).toContain('UNSUPPORTED_MEDIA_TYPE');
    },
  );

  test('counts each log-in of a batch', async () => {
    await using server = await startTestServer(dialect);
    const guess = { identifier: 'nobody', password: 'a wrong password' };
    const parts = Array.from({ length: 10 }, (_, index) => [index, guess]);
    const answer = await postTrpc(
      server.openBrowser(),
      `${parts.map(() => 'auth.login').join(',')}?batch=1`,
      Object.fromEntries(parts),
    );
    const results = (await answer.json()) as { error: { data: { httpStatus: number } } }[];
    expect(results.map(({ error }) => error.data.httpStatus).sort()).toEqual([
      ...Array<number>(5).fill(401),
      ...Array<number>(5).fill(429),
    ]);
  });

  // ASVS 16.5.1
  test('answers a fault without detail, logs it, and answers well again', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person, client } = await signUp(server);
    const find = vi
      .spyOn(server.database.sequelize, 'query')
      .mockRejectedValue(new Error('disk on fire'));
    const login = { identifier: person.email, password: person.password };
    for (const answer of [
      await browser.fetch('/trpc/auth.session'),
      await postTrpc(browser, 'auth.login', login),
    ]) {
      expect(answer.status, answer.url).toBe(500);
      expect(answer.headers.getSetCookie(), answer.url).toEqual([]);
      const body = (await answer.json()) as { error: { data: object } };
      expect(body.error, answer.url).toMatchObject({
        code: -32603,
        message: 'Something went wrong on our side. Please try again.',
        data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'unexpected-error' },
      });
      expect(Object.keys(body.error.data).sort(), answer.url).toEqual([
        'code',
        'httpStatus',
        'path',
        'reason',
      ]);
    }
    const faults = server.logLines.filter((line) => line.includes('"level":50'));
    expect(faults).toHaveLength(2);
    for (const line of faults) expect(line).toContain('disk on fire');
    find.mockRestore();
    expect(await client.auth.session.query()).not.toBeNull();
  });

  test('answers 500 to everything, without detail, once the database is gone', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person } = await signUp(server);
    await server.database.close();
    server.database.close = () => Promise.resolve();
    const login = { identifier: person.email, password: person.password };
    for (const answer of [
      await browser.fetch('/trpc/auth.session'),
      await browser.fetch('/trpc/secrets.list'),
      await postTrpc(browser, 'auth.logout', {}),
      await postTrpc(server.openBrowser(), 'auth.login', login),
      await postTrpc(server.openBrowser(), 'auth.register', makePerson()),
    ]) {
      expect(answer.status, answer.url).toBe(500);
      const text = await answer.text();
      expect(JSON.parse(text), answer.url).toMatchObject(
        failure(500, 'INTERNAL_SERVER_ERROR', 'unexpected-error'),
      );
      expect(text, answer.url).not.toMatch(nothingInternal);
    }
  });

  test('tells nothing of its own data when that is at fault', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    vi.spyOn(server.deps.site, 'readText').mockResolvedValue('{"items":[{"id":7}]}');
    const refused = await catchRefusal(client.secrets.list.query());
    expect(refused).toMatchObject({ httpStatus: 500, reason: 'unexpected-error' });
    expect(refused).not.toHaveProperty('fieldErrors');
  });
});

describe('what an error says to the outside', () => {
  const { error: cause } = loginInput.safeParse({ identifier: '' });

  test('is its reason, and for bad input what is wrong with each field', () => {
    expect(describeError(new TRPCError({ code: 'BAD_REQUEST', cause }))).toEqual({
      reason: 'invalid-input',
      fieldErrors: {
        identifier: ['Please enter your email or username.'],
        password: ['Please enter your password.'],
      },
    });
  });

  test.each(['INTERNAL_SERVER_ERROR', 'TIMEOUT', 'NOT_IMPLEMENTED'] as const)(
    'tells nothing of a fault of ours: %s',
    (code) => {
      expect(describeError(new TRPCError({ code, cause, message: 'secret' }))).toEqual({
        reason: 'unexpected-error',
      });
    },
  );
});
