import { dialects } from '@latchkey/db/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findPerson } from '../admin/find-person.ts';
import { demandResetLink } from '../admin/reset-link.ts';
import type { Browser } from '../testing/browser.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const newPassword = 'another quiet lantern';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Sends a form and leaves while the password is looked at; resolves when the server knows, and has gone on. */
async function leaveDuring(
  { deps: { passwords }, server }: TestServer,
  work: 'hash' | 'verify',
  browser: Browser,
  [path, fields]: [string, Record<string, string>],
): Promise<void> {
  const leaving = new AbortController();
  const left = Promise.withResolvers<undefined>();
  server.server.once('request', (_request, response) =>
    response.once('close', () => left.resolve(undefined)),
  );
  const original = passwords[work].bind(passwords) as (...args: unknown[]) => Promise<never>;
  vi.spyOn(passwords, work).mockImplementationOnce(async (...args: unknown[]) => {
    const result = await original(...args);
    leaving.abort();
    await left.promise;
    return result;
  });
  const body = new URLSearchParams(fields);
  const request = browser.fetch(path, { method: 'POST', body, signal: leaving.signal });
  await expect(request).rejects.toThrow();
  await left.promise;
  await new Promise((resolve) => setTimeout(resolve, 100));
}

describe.each(dialects)(
  'whoever clicks twice, and so leaves the first answer, on %s',
  (dialect) => {
    test('makes one account and is signed in to it', async () => {
      await using server = await startTestServer(dialect);
      const browser = server.openBrowser();
      const person = makePerson();
      await leaveDuring(server, 'hash', browser, ['/register', person]);
      expect(await server.database.User.count()).toBe(0);
      const answer = await browser.submit('/register', person);
      expect(answer.headers.get('location')).toBe('/secrets#welcome');
    });

    test('changes the password once, and stays signed in', async () => {
      await using server = await startTestServer(dialect);
      const { person, browser } = await signUp(server);
      const fields = { action: 'password', currentPassword: person.password, newPassword };
      await leaveDuring(server, 'verify', browser, ['/dashboard', fields]);
      const answer = await browser.submit('/dashboard', fields);
      expect(answer.headers.get('location')).toBe('/dashboard#password-changed');
    });

    test('sets the password with a link, and hears of it', async () => {
      await using server = await startTestServer(dialect);
      const { person } = await signUp(server);
      const { deps } = server;
      const user = await findPerson(deps.database, person.email);
      const { token } = await demandResetLink(deps, user);
      const browser = server.openBrowser();
      await leaveDuring(server, 'hash', browser, ['/reset-password', { token, newPassword }]);
      expect(await deps.database.PasswordReset.count()).toBe(1);
      const answer = await browser.submit('/reset-password', { token, newPassword });
      expect(answer.headers.get('location')).toBe('/login#password-reset');
      expect(
        (await postTrpc(browser, 'auth.login', { identifier: person.email, password: newPassword }))
          .status,
      ).toBe(200);
    });
  },
);
