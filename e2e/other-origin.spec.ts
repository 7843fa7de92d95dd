/**
 * Pages of other origins, in a browser. For browsers `http://localhost` with another port is another
 * origin of the same site, as `app.example.com` is to `www.example.com`.
 */
import { expect, test } from './fixtures/origin-test.ts';
import { createPerson, signUp, type Person } from './fixtures/people.ts';
import { logOut, readSecretsAgain, readSignedIn, readTitles } from './fixtures/guide-client.ts';
import { watchWire } from './fixtures/wire.ts';

// The headers that other tests add would make every request of a page ask for leave first.
test.use({ extraHTTPHeaders: {} });

test('a page of an allowed origin signs in, reads and logs out with the guide’s client @once', async ({
  page,
  context,
  elsewhere,
  api,
  person,
  readEvents,
  faults,
}) => {
  faults.allow(/^401 GET .*secrets\.list/);
  await page.goto(elsewhere.ofThisSite);
  expect(await readSignedIn(page)).toBe(null);
  await expect(readSecretsAgain(page)).rejects.toThrow(/Please log in/);
  expect(await readTitles(page, person)).toContain('Before you go live');
  expect(await readSignedIn(page)).toBe(person.email);
  await page.reload();
  expect(await readSignedIn(page)).toBe(person.email);
  expect(await page.evaluate(() => document.cookie)).not.toMatch(/(^|; )session(-\d+)?=/);

  await page.goto(`${api.origin}/secrets`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${person.name}`);
  await page.goto(elsewhere.ofThisSite);
  await logOut(page);
  expect(await readSignedIn(page)).toBe(null);
  const left = (await context.cookies()).map(({ name }) => name);
  expect(left.toSorted()).toEqual([
    expect.stringMatching(/^device(-\d+)?$/),
    expect.stringMatching(/^seen(-\d+)?$/),
  ]);
  await expect(readSecretsAgain(page)).rejects.toThrow(/Please log in/);
  expect(await readEvents()).toEqual(['logged-out', 'logged-in', 'registered']);
});

test('a page of an allowed origin of another site stays a visitor @once', async ({
  page,
  context,
  elsewhere,
  person,
  readEvents,
  faults,
}) => {
  faults.allow(/^401 GET .*secrets\.list/);
  await page.goto(elsewhere.ofAnotherSite);
  await expect(readTitles(page, person)).rejects.toThrow(/Please log in/);
  expect(await readEvents()).toEqual(['logged-in', 'registered']);
  expect(await readSignedIn(page)).toBe(null);
  expect(await context.cookies()).toEqual([]);
});

/** What a page may send without asking for leave first, because a form could send it too. */
const simpleRequests: [path: string, type: string, body: (person: Person) => string][] = [
  ['/trpc/auth.login', 'text/plain', asJson],
  ['/trpc/auth.login', 'application/x-www-form-urlencoded', asForm],
  ['/trpc/auth.login', 'multipart/form-data; boundary=x', asParts],
  ['/login', 'application/x-www-form-urlencoded', asForm],
  ['/trpc/auth.logout', 'text/plain', () => ''],
  ['/logout', 'application/x-www-form-urlencoded', () => ''],
];

function asJson({ email: identifier, password }: Person): string {
  return JSON.stringify({ identifier, password });
}

function asForm({ email: identifier, password }: Person): string {
  return new URLSearchParams({ identifier, password }).toString();
}

function asParts(person: Person): string {
  const parts = [...new URLSearchParams(asForm(person))].map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--x--\r\n`;
}

test.describe('an origin that is not allowed', () => {
  test.use({ allowed: [] });

  test('gets nothing with the guide’s client @once', async ({
    page,
    context,
    elsewhere,
    person,
    readEvents,
    faults,
  }) => {
    faults.allow(/blocked by CORS policy/, /^405 OPTIONS /, /^net::ERR_FAILED /);
    await page.goto(elsewhere.ofThisSite);
    await expect(readTitles(page, person)).rejects.toThrow(/Failed to fetch/);
    await expect(readSignedIn(page)).rejects.toThrow(/Failed to fetch/);
    expect(await context.cookies()).toEqual([]);
    expect(await readEvents()).toEqual(['registered']);
  });

  test('reads nothing of somebody who is signed in, and ends nothing @once', async ({
    page,
    context,
    elsewhere,
    api,
    readEvents,
    faults,
  }) => {
    faults.allow(/blocked by CORS policy/, /^405 OPTIONS /, /^net::ERR_FAILED /);
    const member = createPerson();
    await signUp(context.request, api.origin, member);
    await page.goto(elsewhere.ofThisSite);
    const wire = await watchWire(page);
    await expect(readSignedIn(page)).rejects.toThrow(/Failed to fetch/);
    await expect.poll(() => wire.cookies.at(-1)).toMatch(/\bsession(-\d+)?=/);
    await expect(readSecretsAgain(page)).rejects.toThrow(/Failed to fetch/);
    await expect(logOut(page)).rejects.toThrow(/Failed to fetch/);
    await page.goto(`${api.origin}/secrets`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${member.name}`);
    expect(await readEvents()).toEqual(['registered']);
  });

  test('is refused what needs no leave to be sent @once', async ({
    page,
    context,
    elsewhere,
    api,
    person,
    readEvents,
    faults,
  }) => {
    faults.allow(/^403 POST /, /^net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin POST /);
    await signUp(context.request, api.origin, createPerson());
    const before = await context.cookies();
    await page.goto(elsewhere.ofThisSite);
    const wire = await watchWire(page);
    for (const [index, [path, type, write]] of simpleRequests.entries()) {
      await page.evaluate(
        async ([url, contentType, body]) => {
          const headers = { 'content-type': contentType };
          const init = { method: 'POST', mode: 'no-cors', credentials: 'include' } as const;
          await fetch(url, { ...init, headers, body }).catch(() => null);
        },
        [api.origin + path, type, write(person)] as const,
      );
      await expect.poll(() => wire.answers.length).toBe(index + 1);
      expect([path, wire.answers[index]?.status]).toEqual([path, 403]);
      expect(wire.answers[index]?.headers.getSetCookie()).toEqual([]);
      expect(wire.cookies[index]).toMatch(/\bsession(-\d+)?=/);
    }
    expect(await context.cookies()).toEqual(before);
    expect(await readEvents()).toEqual(['registered']);
  });
});
