import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

const path = '/.well-known/change-password';

describe.each(dialects)('the address that password managers know, on %s,', (dialect) => {
  test('leads to the form, through the log-in where it is needed', async () => {
    await using server = await startTestServer(dialect);
    const { browser, person, client } = await signUp(server);
    const ask = async () => {
      const { status, headers } = await browser.visit(path);
      return [status, headers.get('location'), headers.get('cache-control')];
    };
    expect(await ask()).toEqual([302, '/dashboard#password', 'private, no-store']);
    await client.auth.logout.mutate();
    const login = '/login?next=%2Fdashboard%23password';
    expect(await ask()).toEqual([302, `${login}#sign-in-required`, 'private, no-store']);
    const { email: identifier, password } = person;
    const answer = await browser.submit(login, { identifier, password });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard#password']);
    const head = await browser.fetch(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('location')]).toEqual([302, '/dashboard#password']);
    expect((await browser.fetch(path, { method: 'POST' })).status).toBe(405);
  });
});

test.each([
  '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200',
  '/.well-known/security.txt',
  '/.well-known/',
  '/.well-known/change-password/x',
])('%s is not found, signed in or not', async (other) => {
  await using server = await startTestServer('sqlite');
  const { browser } = await signUp(server);
  expect((await browser.visit(other)).status).toBe(404);
  expect((await server.openBrowser().visit(other)).status).toBe(404);
});
