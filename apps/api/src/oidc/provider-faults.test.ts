import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startFalseProvider } from '../testing/false-provider.ts';
import { signUp } from '../testing/people.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

const person = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' };
const configuration = '/.well-known/openid-configuration';
const patient = { timeout: 20_000 };

const faults: [string, string, (response: ServerResponse) => void][] = [
  ['does not answer', configuration, () => undefined],
  ['breaks off', configuration, (response) => response.destroy()],
  ['answers 500', configuration, (response) => response.writeHead(500).end()],
  ['answers garbage', configuration, (response) => response.end('<!doctype html>')],
  [
    'sends without end',
    configuration,
    (response) => {
      response.setHeader('content-type', 'application/json');
      response.write('{"issuer":"');
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', write);
      write();
    },
  ],
  [
    'sends a byte at a time',
    configuration,
    (response) => {
      response.setHeader('content-type', 'application/json');
      const timer = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(timer));
    },
  ],
  [
    'leads elsewhere',
    configuration,
    (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
  ],
];

test.each(faults)(
  'a provider that %s gives a sentence, and keeps nobody else waiting',
  patient,
  async (_name, path, answer) => {
    await using provider = await startFalseProvider();
    await using server = await startTestServer('sqlite', provider.settings);
    const { person: known } = await signUp(server);
    provider.answers.set(path, answer);
    const leaving = server.openBrowser().visit('/oidc/start?next=/blog');
    const browser = server.openBrowser();
    expect((await browser.visit('/login')).status).toBe(200);
    expect((await browser.visit('/readyz')).status).toBe(200);
    const { email: identifier, password } = known;
    await createClient(browser).auth.login.mutate({ identifier, password });
    const { status, headers } = await leaving;
    expect([status, headers.get('location')]).toEqual([303, '/login?next=%2Fblog#oidc-away']);
  },
);

test.each([
  ['calls itself otherwise', { issuer: 'https://id.example.com' }],
  ['has no page to log in at', { authorization_endpoint: undefined }],
  ['has a page that is none', { authorization_endpoint: 'javascript:alert(1)' }],
])('a provider that %s is not gone to', async (_name, overrides) => {
  await using provider = await startFalseProvider(overrides);
  await using server = await startTestServer('sqlite', provider.settings);
  const { headers } = await server.openBrowser().visit('/oidc/start');
  expect(headers.get('location')).toBe('/login#oidc-away');
});

test.each(['/token', '/keys'])('a provider that fails at %s gives a sentence', async (path) => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  provider.answers.set(path, (response) => response.writeHead(500).end());
  const browser = server.openBrowser();
  const { headers } = await browser.visit('/oidc/start');
  const { state = '', nonce = '' } = Object.fromEntries(
    new URL(headers.get('location') ?? '').searchParams,
  );
  const code = provider.issueCode({ claims: { ...person, nonce } });
  const query = new URLSearchParams({ code, state, iss: provider.issuer });
  const back = await browser.visit(`/oidc/callback?${query.toString()}`);
  expect(back.headers.get('location')).toBe('/login#oidc-away');
});

test('a provider may change its keys at any time, and a key it gave up is dead', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const logIn = async (key?: typeof former) => {
    const browser = server.openBrowser();
    const { headers } = await browser.visit('/oidc/start');
    const { state = '', nonce = '' } = Object.fromEntries(
      new URL(headers.get('location') ?? '').searchParams,
    );
    const forged = key ? { key, header: { kid: 'one' } } : {};
    const code = provider.issueCode({ claims: { ...person, nonce }, ...forged });
    const query = new URLSearchParams({ code, state, iss: provider.issuer });
    return (await browser.visit(`/oidc/callback?${query.toString()}`)).headers.get('location');
  };
  const former = provider.state.keys.privateKey;
  expect(await logIn()).toBe('/secrets');
  provider.changeKeys();
  expect(await logIn()).toBe('/secrets');
  expect(await logIn(former)).toBe('/login#oidc-failed');
});

test('what the provider offers is asked for once, and not at the start', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  await server.openBrowser().visit('/login');
  expect(provider.asked).toEqual([]);
  await Promise.all([1, 2, 3].map(() => server.openBrowser().visit('/oidc/start')));
  expect(provider.asked).toEqual([configuration]);
});

test('a provider that has just failed is not asked again at once', async () => {
  const asked: string[] = [];
  const down = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(503).end();
  });
  down.listen(0, '127.0.0.1');
  await once(down, 'listening');
  const { port } = down.address() as AddressInfo;
  await using server = await startTestServer('sqlite', {
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_CLIENT_ID: 'latchkey',
    OIDC_CLIENT_SECRET: 'secret',
  });
  const browser = server.openBrowser();
  for (let round = 0; round < 3; round += 1) await browser.visit('/oidc/start');
  expect(asked).toEqual([configuration]);
  down.closeAllConnections();
  down.close();
});
