import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../testing/certificate.ts';
import { startSpoilingProxy, type Spoiling } from '../testing/spoiling-proxy.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { startTestServer } from '../testing/test-server.ts';
import { examineLiveSite } from './examine-live-site.ts';

const trusted = getCACertificates();
const certificate = await makeCertificate();
const trustOwn = () => setDefaultCACertificates([...trusted, certificate.cert]);
beforeAll(trustOwn);
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await certificate[Symbol.asyncDispose]();
});

async function startSite(isSecure: boolean, env: Record<string, string> = {}) {
  await using undoOnFailure = new AsyncDisposableStack();
  const proxy = undoOnFailure.use(await startSpoilingProxy(isSecure ? certificate : undefined));
  const server = undoOnFailure.use(
    await startTestServer('sqlite', { ...env, PUBLIC_URL: proxy.origin }),
  );
  proxy.pointAt(server.url);
  const undo = undoOnFailure.move();
  return {
    proxy,
    async examine(spoiling: Spoiling, plainOrigin = 'http://localhost:1') {
      proxy.spoil(spoiling);
      const findings = await examineLiveSite(server.deps.settings, plainOrigin);
      return findings.map(({ state, title, detail }) => `${state} ${title}: ${detail}`);
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

const without = (name: string): Spoiling => ({
  headers: (lines) => lines.filter(([own]) => own !== name),
});
const withMore = (name: string, value: string): Spoiling => ({
  headers: (lines) => [...lines, [name, value]],
});
const replacing = (name: string, change: (value: string) => string): Spoiling => ({
  headers: (lines) => lines.map(([own, value]) => [own, own === name ? change(value) : value]),
});
const answering = (path: string, status: number): Spoiling => ({
  answer(asked, reply) {
    if (asked.url !== path) return false;
    reply.writeHead(status).end();
    return true;
  },
});

describe.each([
  ['https', true],
  ['http', false],
])('the live site on %s', (_title, isSecure) => {
  test('is well behind a proxy that passes everything on', async () => {
    await using site = await startSite(isSecure);
    expect(await site.examine({})).toEqual([
      `ok live site: ${site.proxy.origin} sends what the server sends`,
      ...(isSecure ? ['ok live redirect: nobody answers on plain http'] : []),
    ]);
  });

  test('is well where it was built elsewhere, with a policy of its own', async () => {
    await using folder = await createTemporaryFolder({
      'index.html': '<h1>Home</h1>',
      '404.html': '<h1>Nothing</h1>',
    });
    await using outside = await createTemporaryFolder({ 'rules.json': '{ "/": "public" }' });
    const env = { SITE_DIR: folder.path, ACCESS_RULES: join(outside.path, 'rules.json') };
    await using site = await startSite(isSecure, env);
    expect((await site.examine({}))[0]).toMatch(/^ok live site/);
  });

  // ASVS 3.4.3, 3.4.4, 3.4.5, 3.4.6
  test('tells of each header that a proxy strips, doubles or changes', async () => {
    await using site = await startSite(isSecure);
    const names = [
      'content-security-policy',
      'x-content-type-options',
      'x-frame-options',
      'referrer-policy',
      'permissions-policy',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      ...(isSecure ? ['strict-transport-security'] : []),
    ];
    for (const name of names) {
      const stripped = await site.examine(without(name));
      expect(stripped.filter((line) => !line.startsWith('ok'))).toEqual([
        expect.stringMatching(`^problem live headers: /login, .+ came without ${name}$`),
      ]);
      const doubled = await site.examine(withMore(name, 'x'));
      expect(doubled.filter((line) => !line.startsWith('ok'))).toEqual([
        expect.stringMatching(`^warning live headers: .+ came with ${name} more than once$`),
      ]);
      const changed = await site.examine(replacing(name, () => 'weak'));
      expect(changed.filter((line) => !line.startsWith('ok'))).toEqual([
        expect.stringMatching(`^problem live headers: .+ another ${name} .+: weak$`),
      ]);
    }
    const loosened = replacing(
      'content-security-policy',
      (value) => `${value}; script-src 'unsafe-inline'`,
    );
    expect(await site.examine(loosened)).toContainEqual(
      expect.stringMatching(/^problem live headers: \/login.+another content-security-policy/),
    );
    expect(await site.examine(withMore('server', 'nginx/1.2.3'))).toContainEqual(
      'warning live headers: answers name a program: nginx/1.2.3',
    );
  });

  test('tells of a proxy that keeps what is private, or changes cookies', async () => {
    await using site = await startSite(isSecure);
    const hoarding = await site.examine({ isHoarding: true });
    expect(hoarding).toContainEqual(
      expect.stringMatching(/^problem live cache: \/dashboard came without the cookie/),
    );
    const keeping = replacing('cache-control', () => 'public, max-age=600');
    expect(await site.examine(keeping)).toContainEqual(
      'problem live cache: /trpc/auth.session came with Cache-Control: public, max-age=600, in place of private, no-store',
    );
    const cut = replacing('set-cookie', (value) => value.replace(/; SameSite=Lax/i, ''));
    expect(await site.examine(cut)).toContainEqual(
      'problem live cookies: a cookie came changed: it should have SameSite=Lax',
    );
    const moved = replacing('set-cookie', (value) => value.replace('Path=/', 'Path=/app'));
    expect(await site.examine(moved)).toContainEqual(expect.stringContaining('should have Path=/'));
    if (!isSecure) return;
    const open = replacing('set-cookie', (value) => value.replace(/; Secure/i, ''));
    expect(await site.examine(open)).toContainEqual(expect.stringContaining('should have Secure'));
  });

  test('tells of a proxy that goes round the gate', async () => {
    await using site = await startSite(isSecure);
    for (const path of ['/dashboard', '/dashboard.html', '/dashboard/index.html']) {
      expect(await site.examine(answering(path, 200))).toContainEqual(
        `problem live gate: ${path} is handed to somebody who is not signed in`,
      );
    }
    const home: Spoiling = {
      answer(asked, reply) {
        if (!asked.url?.includes('latchkey-doctor')) return false;
        reply.writeHead(200).end();
        return true;
      },
    };
    const everywhere = await site.examine(home);
    expect(everywhere.filter((line) => line.includes('which does not exist'))).toHaveLength(2);
    const inside = replacing('location', (value) => `http://10.0.0.1:3000${value}`);
    expect(await site.examine(inside)).toContainEqual(
      expect.stringMatching(/^problem live gate: \/dashboard leads to http:\/\/10\.0\.0\.1/),
    );
    expect(await site.examine(answering('/login', 502))).toEqual([
      `problem live site: ${site.proxy.origin}/login is answered with 502`,
    ]);
  });

  test('ends within seconds where nothing comes', async () => {
    await using site = await startSite(isSecure);
    expect(await site.examine({ answer: () => true })).toEqual([
      `warning live site: ${site.proxy.origin} does not answer here: nothing came within 4 seconds`,
    ]);
    const late: Spoiling = { answer: ({ url }) => url === '/trpc/auth.session' };
    expect(await site.examine(late)).toEqual([expect.stringContaining('within 4 seconds')]);
  });
});

test('plain http has to lead to the https address', async () => {
  await using site = await startSite(true);
  await using plain = await startSpoilingProxy();
  const lead = (status: number, location: string) =>
    plain.spoil({
      answer(_asked, reply) {
        reply.writeHead(status, location ? { location } : {}).end();
        return true;
      },
    });
  const examine = async () =>
    (await site.examine({}, plain.origin)).find((line) => line.includes('live redirect'));
  lead(301, `${site.proxy.origin}/login`);
  expect(await examine()).toMatch(/^ok/);
  lead(302, `${site.proxy.origin}/login`);
  expect(await examine()).toMatch(/^warning/);
  lead(200, '');
  expect(await examine()).toMatch(/^problem .+plain http answers with 200/);
  lead(301, 'https://elsewhere.example/login');
  expect(await examine()).toMatch(/^problem/);
});

test('a certificate that nobody trusts is a problem', async () => {
  await using site = await startSite(true);
  setDefaultCACertificates(trusted);
  const findings = await site.examine({});
  trustOwn();
  expect(findings).toEqual([
    expect.stringMatching(
      /^problem live site: the certificate of https:.+ is refused: self-signed/,
    ),
  ]);
});

test('doctor says that nobody answers, and goes on', async () => {
  await using folder = await createTemporaryFolder({});
  const env = { DATA_DIR: folder.path, PUBLIC_URL: 'http://localhost:1' };
  const { stdout } = await runAdmin(env, 'doctor');
  expect(stdout).toMatch(/warning +live site: http:\/\/localhost:1 does not answer here: /);
  expect(stdout).toMatch(/PROBLEM +database: /);
});
