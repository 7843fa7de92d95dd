import { messages, type ErrorDetails } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

async function makeFaulty(server: TestServer) {
  const { person } = await signUp(server);
  return makePerson({ email: 'ada', username: person.username, password: 'password12345' });
}

/** The faults of an answer, by their field. */
async function readFaults(answer: Response): Promise<ErrorDetails> {
  const { error } = (await answer.json()) as { error: { data: ErrorDetails } };
  return error.data;
}

const takenName = [messages['username-taken']];
const common = [messages['common-password']];

describe.each(dialects)('a registration on %s', (dialect) => {
  test('hears of a malformed email, a taken username and a common password at once', async () => {
    await using server = await startTestServer(dialect);
    const answer = await postTrpc(server.openBrowser(), 'auth.register', await makeFaulty(server));
    expect(answer.status).toBe(400);
    const { reason, fieldErrors } = await readFaults(answer);
    expect(reason).toBe('invalid-input');
    expect(fieldErrors).toEqual({
      email: [expect.any(String)],
      username: takenName,
      password: common,
    });
  });

  test('hears of a taken username and a common password, and not whether the email is taken', async () => {
    await using server = await startTestServer(dialect);
    const { person } = await signUp(server);
    const faulty = { ...person, password: 'password12345' };
    const answer = await postTrpc(server.openBrowser(), 'auth.register', faulty);
    const { fieldErrors } = await readFaults(answer);
    expect(fieldErrors).toEqual({ username: takenName, password: common });
  });

  test('hears of them without JavaScript, each beside its field, and keeps what was typed', async () => {
    await using server = await startTestServer(dialect);
    const browser = server.openBrowser();
    const faulty = await makeFaulty(server);
    const answer = await browser.submit('/register', faulty);
    expect(answer.headers.get('location')).toBe('/register#invalid-input');
    const html = await (await browser.visit('/register')).text();
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(3);
    const sentences = [
      'An email address needs an @, as in name@example.com.',
      messages['username-taken'],
      messages['common-password'],
    ];
    for (const sentence of sentences) {
      expect(html).toMatch(new RegExp(`-error"[^>]*>${sentence}</p>`));
    }
    expect(html).toContain(`value="${faulty.username}"`);
    expect(html).not.toContain(faulty.password);
    const again = await (await browser.visit('/register')).text();
    expect(again).not.toContain('aria-invalid');
  });
});

test.each(dialects)(
  'a broken form asks for 20 usernames, and locks nobody out (%s)',
  async (dialect) => {
    await using server = await startTestServer(dialect);
    const faulty = await makeFaulty(server);
    const browser = server.openBrowser();
    const answers: (string[] | undefined)[] = [];
    for (let index = 0; index < 25; index += 1) {
      const answer = await postTrpc(browser, 'auth.register', faulty);
      expect(answer.status).toBe(400);
      answers.push((await readFaults(answer)).fieldErrors?.['username']);
    }
    expect(answers).toEqual([
      ...Array<string[]>(20).fill(takenName),
      ...Array<undefined>(5).fill(undefined),
    ]);
    expect((await postTrpc(browser, 'auth.register', makePerson())).status).toBe(200);
  },
);

test('a cookie of faults shows no text of its own', async () => {
  await using server = await startTestServer('sqlite');
  const fields = { fault_email: 'Call 555-1234.', fault_name: 'invalid-name' };
  const value = Buffer.from(JSON.stringify(fields)).toString('base64url');
  const headers = { cookie: `typed-register=${value}` };
  const html = await (await server.openBrowser().fetch('/register', { headers })).text();
  expect(html).not.toContain('555-1234');
  expect(html).toContain(`>${messages['invalid-name']}</p>`);
});
