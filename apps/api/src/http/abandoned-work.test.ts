import { afterEach, expect, test, vi } from 'vitest';
import { makePerson } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('the end of a server waits for what somebody left it to do', async () => {
  await using server = await startTestServer('sqlite');
  const { passwords } = server.deps;
  const hash = passwords.hash.bind(passwords);
  const leaving = new AbortController();
  const steps: string[] = [];
  vi.spyOn(passwords, 'hash').mockImplementationOnce(async (password) => {
    leaving.abort();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const hashed = await hash(password);
    steps.push('hashed');
    return hashed;
  });
  const body = new URLSearchParams(makePerson());
  const request = { method: 'POST', body, signal: leaving.signal };
  await expect(server.openBrowser().fetch('/register', request)).rejects.toThrow();
  await server.server.close();
  steps.push('ended');
  expect(steps).toEqual(['hashed', 'ended']);
});
