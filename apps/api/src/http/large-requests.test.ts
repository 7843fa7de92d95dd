import { dialects } from '@latchkey/db/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makePerson } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer } from '../testing/test-server.ts';
import { cutForwardedFor } from './large-requests.ts';

const marks = '\u0323\u0301'.repeat(7000);

afterEach(() => vi.restoreAllMocks());

describe.each(dialects)('large requests on %s', (dialect) => {
  test.each([
    ['auth.login', { identifier: marks, password: 'p' }],
    ['auth.login', { identifier: 'ada', password: marks }],
    ['auth.register', { ...makePerson(), name: marks }],
    ['auth.register', { ...makePerson(), password: marks }],
    ['auth.resetPassword', { token: 't', newPassword: marks }],
  ])('%s normalizes nothing long, and is counted though it is refused', async (path, input) => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1) {
      statuses.push((await postTrpc(browser, path, input)).status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(400), 429]);
    for (const text of normalize.mock.contexts as string[]) {
      expect(text.length, text).toBeLessThan(2048);
    }
    expect((await postTrpc(server.openBrowser(), path, input)).status).toBe(400);
  });

  test('are counted without JavaScript too', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const form = { identifier: 'ada', password: 'p'.repeat(9000) };
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect((await browser.submit('/login', form)).headers.get('location')).toBe(
        '/login#invalid-input',
      );
    }
    expect((await browser.submit('/login', form)).status).toBe(429);
  });

  test('leave ordinary mistakes uncounted', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const input = { ...makePerson(), name: '😀'.repeat(81) };
    for (let attempt = 0; attempt < 30; attempt += 1) {
      expect((await postTrpc(browser, 'auth.register', input)).status).toBe(400);
    }
    expect((await postTrpc(browser, 'auth.register', makePerson())).status).toBe(200);
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  [
    `${'1.1.1.1, '.repeat(2000)}198.51.100.1, 203.0.113.7`,
    /^(1\.1\.1\.1, )+198\.51\.100\.1, 203\.0\.113\.7$/,
  ],
  [`${'x'.repeat(15_000)}, 203.0.113.7`, '203.0.113.7'],
  ['x'.repeat(15_000), 'unknown'],
])('of a long X-Forwarded-For the end is kept', (text, kept) => {
  const headers = { 'x-forwarded-for': text };
  cutForwardedFor(headers);
  expect(headers['x-forwarded-for']).toMatch(kept);
  expect(headers['x-forwarded-for'].length).toBeLessThanOrEqual(1024);
});
