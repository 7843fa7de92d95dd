/** The samples of docs/forward-auth.md, run by a real nginx and a real Caddy in front of apps of others. */
import {
  programOf,
  startForwardAuth,
  type Arrived,
  type ProxyName,
} from './fixtures/forward-auth.ts';
import { callApi, createSend, readCookies, type Send } from './fixtures/http.ts';
import { createPerson } from './fixtures/people.ts';
import { expect, test } from './fixtures/server-test.ts';
import type { Server } from './fixtures/server.ts';
import { sendLines } from './fixtures/raw.ts';

const origin = 'https://example.com';
const forged = { 'latchkey-user': 'somebody-else', 'latchkey-roles': 'gold,operator' };

/** Logs in anew, as people have to who get a role. */
async function logIn(url: string, { email, password }: { email: string; password: string }) {
  const input = { identifier: email, password };
  return readCookies(await callApi(createSend(url), origin, 'auth.login', input));
}

const read = async (answer: Response) => (await answer.json()) as Arrived;

/** Makes an account on a host, and gives its id and its cookies of that host. */
async function signUp(url: string, publicOrigin: string) {
  const person = createPerson();
  const answer = await callApi(createSend(url), publicOrigin, 'auth.register', person);
  const { result } = (await answer.json()) as { result: { data: { user: { id: string } } } };
  return { person, cookie: readCookies(answer), id: result.data.user.id };
}

/** What a browser does that was sent to the log-in: sends the form, without JavaScript. */
async function followToLogIn(
  send: Send,
  location: string,
  person: { email: string; password: string },
) {
  const { pathname, searchParams } = new URL(location, origin);
  expect(pathname).toBe('/login');
  const next = searchParams.get('next') ?? '';
  expect((await send(`${pathname}?${searchParams.toString()}`)).status).toBe(200);
  const fields = { identifier: person.email, password: person.password, next };
  return send(pathname, {
    method: 'POST',
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams(fields),
  });
}

for (const name of ['nginx', 'caddy'] as ProxyName[]) {
  test.describe(`${name} as the documents have it`, () => {
    test.skip(!programOf[name], `There is no ${name}: ${name.toUpperCase()}_PATH is not set.`);

    const start = async (startOwnServer: (settings: Record<string, string>) => Promise<Server>) => {
      const server = await startOwnServer({ PUBLIC_URL: origin, HSTS: 'off' });
      return { server, proxy: await startForwardAuth(name, server.origin) };
    };

    test('lets in who may, and tells the app who it is', async ({ startOwnServer }) => {
      const { server, proxy: started } = await start(startOwnServer);
      await using proxy = started;
      const { person, cookie, id } = await signUp(proxy.site, origin);
      const send = createSend(proxy.site, { cookie: `theme=dark; ${cookie}; lang=en` });
      const { app, url, headers } = await read(await send('/wiki/page%20one?a=b&c=%2F'));
      expect([app, url]).toEqual(['wiki', '/wiki/page%20one?a=b&c=%2F']);
      expect(headers['latchkey-user']).toBe(id);
      expect(headers['latchkey-roles'] ?? '').toBe('');
      expect(headers.cookie).toContain('theme=dark');
      expect(headers.cookie).toContain('lang=en');
      expect(headers.cookie).not.toContain('session=');

      await server.runAdmin('user', 'grant', id, 'gold');
      await server.runAdmin('user', 'grant', id, 'member');
      const sendAgain = createSend(proxy.site, { cookie: await logIn(proxy.site, person) });
      const again = await read(await sendAgain('/wiki/'));
      expect(String(again.headers['latchkey-roles']).split(',').toSorted()).toEqual([
        'gold',
        'member',
      ]);
      const members = await sendAgain('/secrets');
      expect([members.status, await members.text()]).toEqual([200, expect.stringContaining('<h1')]);
    });

    test('takes no word of a browser for who it is', async ({ startOwnServer }) => {
      const { proxy: started } = await start(startOwnServer);
      await using proxy = started;
      const { cookie, id } = await signUp(proxy.site, origin);
      const own = await read(await createSend(proxy.site, { cookie, ...forged })('/wiki/'));
      expect(own.headers['latchkey-user']).toBe(id);
      expect(own.headers['latchkey-roles'] ?? '').toBe('');

      const lines = [
        ...['Latchkey-User: somebody-else', 'LATCHKEY-ROLES: gold', 'Latchkey_User: somebody-else'],
        ...[
          'latchkey_roles: gold',
          'Latchkey-Anything: x',
          'X-Original-URI: /',
          'X-Forwarded-Uri: /',
        ],
      ];
      for (const [target, signedIn] of [
        ['/wiki/', false],
        ['/wiki/', true],
      ] as const) {
        const head = [...lines, ...(signedIn ? [`Cookie: ${cookie}`] : [])];
        const answer = await sendLines(proxy.site, `GET ${target} HTTP/1.1`, head);
        expect(answer).toMatch(signedIn ? /^HTTP\/1\.1 200/ : /^HTTP\/1\.1 302/);
        expect(answer).not.toMatch(/somebody-else|"latchkey[-_]roles":"gold/i);
      }
    });

    test('lets nobody ask for another address than they get', async ({ startOwnServer }) => {
      const { proxy: started } = await start(startOwnServer);
      await using proxy = started;
      const spellings = [
        ...['/wiki/../', '/wiki/%2e%2e/', '/wiki/..;/x', '//wiki/x', '/wiki//x', '/wiki/%5c..%5cx'],
        ...[
          '/wiki/x%2f..%2fy',
          '/wiki/%252e%252e/x',
          '/wiki/x%00',
          '/_astro/../wiki/x',
          '/wiki/./x',
        ],
      ];
      const { cookie } = await signUp(proxy.site, origin);
      for (const target of spellings) {
        const answer = await sendLines(proxy.site, `GET ${target} HTTP/1.1`, []);
        expect(answer, target).not.toContain('"app":"wiki"');
        const known = await sendLines(proxy.site, `GET ${target} HTTP/1.1`, [`Cookie: ${cookie}`]);
        expect(known, target).not.toContain('"app":"wiki"');
      }
      const inner = await sendLines(proxy.site, 'GET /latchkey-check HTTP/1.1', []);
      expect(inner).toMatch(/^HTTP\/1\.1 404/);
    });

    test('sends a visitor to the log-in and back, on either host', async ({ startOwnServer }) => {
      const { proxy: started } = await start(startOwnServer);
      await using proxy = started;
      for (const [url, wanted, app] of [
        [proxy.site, '/wiki/a%20b?c=d&e=f', 'wiki'],
        [proxy.app, '/deep/page?c=d&e=f', 'app'],
        [proxy.app, '/', 'app'],
      ] as const) {
        const { person } = await signUp(url, origin);
        const visitor = createSend(url, { accept: 'text/html' });
        const sent = await visitor(wanted);
        expect(sent.status).toBe(302);
        const entered = await followToLogIn(visitor, sent.headers.get('location') ?? '', person);
        expect([entered.status, entered.headers.get('location')]).toEqual([303, wanted]);
        const cookie = readCookies(entered);
        expect(cookie).toContain('__Host-session=');
        const back = await createSend(url, { cookie })(wanted);
        expect(await read(back)).toMatchObject({ app, url: wanted });
        await callApi(createSend(url, { cookie }), origin, 'auth.logout');
        expect((await createSend(url, { cookie })(wanted)).status).toBe(302);
      }
    });

    test('says 403 to who lacks the role, and asks with a body no more than without', async ({
      startOwnServer,
    }) => {
      const { server, proxy: started } = await start(startOwnServer);
      await using proxy = started;
      const { person, cookie, id } = await signUp(proxy.site, origin);
      expect((await createSend(proxy.site, { cookie })('/wiki/gold/page')).status).toBe(403);
      await server.runAdmin('user', 'grant', id, 'gold');
      const send = createSend(proxy.site, { cookie: await logIn(proxy.site, person) });
      expect((await send('/wiki/gold/page')).status).toBe(200);
      const posted = await send('/wiki/form', {
        method: 'POST',
        body: new URLSearchParams({ text: 'x'.repeat(100_000) }),
      });
      expect(await read(posted)).toMatchObject({ url: '/wiki/form' });
    });
  });
}
