import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const words = { gold: 'The brass lamp stands on the shelf.', members: 'The spare key hangs low.' };
const page = (text: string, more = '') =>
  `<!doctype html><html data-session="out"><head><title>T</title>${more}</head><body>${text}</body></html>`;

const rules = {
  '/': 'public',
  '/docs/*': 'public',
  '/about': 'public',
  '/assets/*': 'public',
  '/blog/*': 'public',
  '/robots.txt': 'public',
  '/.well-known/*': 'public',
  '/gold/*': ['gold'],
  '/mixed': 'public',
};

const files: Record<string, string> = {
  'index.html': page('Home <b data-slot="user-name"></b>'),
  'about.html': page('About'),
  'docs/index.html': page('Docs <img src="a.png">'),
  'docs/a.png': 'picture',
  'docs/guide/index.html': page('Guide'),
  'docs/moved/index.html': page('', '<meta content=noindex name=robots>'),
  'assets/site.js': 'console.log(1)',
  'blog/2026/post/index.html': page('Post'),
  'gold/index.html': page(words.gold),
  'gold/plan.pdf': words.gold,
  'notes/index.html': page(words.members),
  'notes/data.json': JSON.stringify(words.members),
  'marked/index.html': page(words.gold, '<meta name="latchkey-access" content="silver">'),
  'mixed.html': page(`Open<!--if:role:gold-->${words.gold}<!--/if:role:gold-->`),
  '404.html': page('Nothing of ours is here'),
  'robots.txt': 'User-agent: *\n# ours\n',
  'latchkey.css': ':root { --action: rebeccapurple }',
  '.env': words.gold,
  'docs/.hidden/index.html': words.gold,
  '.well-known/security.txt': 'Contact: mailto:a@example.com',
  'rules.json': '',
};

async function start(
  dialect: (typeof dialects)[number] = 'sqlite',
  more: Record<string, string | Buffer> = {},
  env: Record<string, string> = {},
  moreRules: Record<string, string> = {},
) {
  const folder = await createTemporaryFolder({ ...files, ...more });
  const outside = await createTemporaryFolder({
    'rules.json': JSON.stringify({ ...rules, ...moreRules }),
    'secret.html': words.gold,
  });
  await symlink(join(outside.path, 'secret.html'), join(folder.path, 'docs/link.html'));
  await symlink(outside.path, join(folder.path, 'docs/outside'));
  const settings = { SITE_DIR: folder.path, ACCESS_RULES: join(outside.path, 'rules.json') };
  const server = await startTestServer(dialect, { ...settings, ...env });
  return {
    server,
    folder: folder.path,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await outside[Symbol.asyncDispose]();
    },
  };
}

async function openAs(server: TestServer, roles: string[] | null) {
  if (!roles) return server.openBrowser();
  const { browser, user } = await signUp(server);
  await server.database.User.update({ roles }, { where: { id: user.id } });
  return browser;
}

describe.each(dialects)('on %s, a site that was built elsewhere', (dialect) => {
  // ASVS 8.2.1, 8.3.1
  test('opens to each by the rules of its file', async () => {
    await using started = await start(dialect);
    const { server } = started;
    const things: [path: string, statuses: [visitor: number, member: number, gold: number]][] = [
      ['/', [200, 200, 200]],
      ['/about', [200, 200, 200]],
      ['/docs/', [200, 200, 200]],
      ['/docs/a.png', [200, 200, 200]],
      ['/docs/guide/', [200, 200, 200]],
      ['/blog/2026/post/', [200, 200, 200]],
      ['/gold/', [302, 403, 200]],
      ['/gold/plan.pdf', [401, 403, 200]],
      ['/notes/', [302, 200, 200]],
      ['/notes/data.json', [401, 200, 200]],
      ['/rules.json', [401, 200, 200]],
      ['/marked/', [302, 403, 403]],
      ['/nothing', [404, 404, 404]],
      ['/notes/nothing', [404, 404, 404]],
    ];
    for (const [index, roles] of [null, [], ['gold']].entries()) {
      const browser = await openAs(server, roles);
      for (const [path, statuses] of things) {
        const answer = await browser.visit(path);
        expect([path, index, answer.status]).toEqual([path, index, statuses[index]]);
        const body = await answer.text();
        if (answer.status !== 200) {
          expect(body).not.toContain(words.gold);
          expect(body).not.toContain(words.members);
        }
        const isPrivate = /^\/(gold|notes|marked|rules)/.test(path) && answer.status !== 404;
        if (isPrivate) expect(answer.headers.get('cache-control')).toBe('private, no-store');
      }
    }
  });
});

describe('a site that was built elsewhere', () => {
  test('gives what is private in no spelling of its address', async () => {
    await using started = await start();
    const { server } = started;
    const browser = await openAs(server, []);
    const spellings = [
      ...[
        '/gold',
        '/gold/index',
        '/gold/index.html',
        '/gold.html',
        '//gold/',
        '/./gold/',
        '/gold//',
      ],
      ...['/docs/../gold/', '/docs/%2e%2e/gold/', '/docs%2f..%2fgold/', '/%67old/', '/GOLD/'],
      ...['/gold/plan.pdf/', '/gold%2fplan.pdf', '/gold/plan.pdf%00', '/docs/..%5cgold/plan.pdf'],
      ...['/.env', '/docs/.hidden/', '/docs/.hidden/index.html', '/docs/link', '/docs/link.html'],
      ...['/docs/outside/secret', '/docs/outside/secret.html', '/docs/outside/rules.json'],
      ...['/docs/..;/gold/', '/.well-known/../.env', '/gold/?x', '/gold/%23'],
    ];
    for (const target of spellings) {
      const headers = { cookie: browser.cookieHeader };
      const answer = await requestTarget(server.url, target, { headers });
      expect([301, 403, 404], target).toContain(answer.status);
      expect(answer.body, target).not.toContain(words.gold);
      expect(answer.body, target).not.toContain('"/gold');
    }
  });

  test('has clean addresses, under which relative links lead where they should', async () => {
    await using started = await start();
    const browser = started.server.openBrowser();
    for (const [path, location] of [
      ['/docs', '/docs/'],
      ['/docs?a=b', '/docs/?a=b'],
      ['/docs/index.html', '/docs/'],
      ['/docs/guide', '/docs/guide/'],
      ['/about.html', '/about'],
      ['/about/', '/about'],
      ['/index.html', '/'],
      ['/secrets', '/'],
    ] as const) {
      const { status, headers } = await browser.visit(path);
      expect([path, headers.get('location')]).toEqual([path, location]);
      expect([301, 302]).toContain(status);
    }
    const missing = await browser.visit('/nothing');
    expect([missing.status, await missing.text()]).toEqual([
      404,
      expect.stringContaining('of ours'),
    ]);
    expect((await browser.visit('/.well-known/security.txt')).status).toBe(200);
    expect(await (await browser.fetch('/robots.txt')).text()).toContain('# ours');
    const sitemap = await (await browser.fetch('/sitemap.xml')).text();
    const listed = [...sitemap.matchAll(/<loc>([^<]+)</g)].map(([, address]) => address);
    expect(sitemap).toContain('/docs/guide/');
    expect(listed).toEqual([...new Set(listed)]);
    expect(sitemap).not.toMatch(/gold|notes|marked|login|404|moved/);
    expect((await browser.fetch('/feed.xml')).status).toBe(404);
  });

  test('has a sitemap of its public pages, where its own is not for everybody', async () => {
    const own = '<urlset><url><loc>https://example.com/gold/</loc></url></urlset>';
    await using started = await start('sqlite', { 'sitemap.xml': own });
    const answer = await started.server.openBrowser().fetch('/sitemap.xml');
    expect(answer.status).toBe(200);
    const sitemap = await answer.text();
    expect(sitemap).toContain('/docs/guide/');
    expect(sitemap).not.toContain('gold');
  });

  test('has its own policy, and no other site may frame it', async () => {
    await using started = await start();
    const { server } = started;
    const browser = await openAs(server, ['gold']);
    for (const path of ['/', '/docs/', '/gold/', '/assets/site.js', '/gold/plan.pdf', '/nothing']) {
      const { headers } = await browser.visit(path);
      expect([path, headers.get('content-security-policy')]).toEqual([
        path,
        "frame-ancestors 'self'",
      ]);
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      for (const name of ['permissions-policy', 'cross-origin-opener-policy']) {
        expect([path, name, headers.get(name)]).toEqual([path, name, null]);
      }
      const isPrivate = path.startsWith('/gold/') || path === '/nothing';
      const resources = isPrivate ? 'same-origin' : null;
      expect([path, headers.get('cross-origin-resource-policy')]).toEqual([path, resources]);
    }
    const { headers } = await server.openBrowser().visit('/login');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('permissions-policy')).toContain('camera=()');
  });

  test('keeps the encoding of pages that are not in UTF-8, and obeys their marks', async () => {
    const mark = '<meta name=latchkey-access content=gold>';
    const write = (text: string) => Buffer.from(text, 'latin1');
    const parts = `<!--if:role:gold-->${words.gold}<!--/if:role:gold-->`;
    const wide = Buffer.from(`\ufeff${page(words.gold, mark)}`, 'utf16le');
    await using started = await start('sqlite', {
      'docs/old.html': write(page('Bäume')),
      'trees.html': write(page(`Bäume ${words.gold}`, mark)),
      'wide.html': wide,
      'notes/old.html': write(page('Bäume')),
      'docs/parts.html': write(page(`Bäume ${parts}`)),
      'notes/short.htm': page(words.members),
      'notes/loud.HTML': page(words.gold, mark),
    });
    const { server } = started;
    const things: [path: string, statuses: [visitor: number, member: number, gold: number]][] = [
      ['/docs/old', [200, 200, 200]],
      ['/trees', [302, 403, 200]],
      ['/wide', [302, 403, 200]],
      ['/notes/old', [302, 200, 200]],
      ['/docs/parts', [302, 403, 403]],
      ['/notes/short.htm', [302, 200, 200]],
      ['/notes/loud.HTML', [302, 403, 200]],
    ];
    for (const [index, roles] of [null, [], ['gold']].entries()) {
      const browser = await openAs(server, roles);
      for (const [path, statuses] of things) {
        expect([path, index, (await browser.visit(path)).status]).toEqual([
          ...[path, index],
          statuses[index],
        ]);
      }
    }
    const answer = await server.openBrowser().visit('/docs/old');
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(write(page('Bäume')));
  });

  test('keeps what is for a role out of a public page, and fills marks', async () => {
    await using started = await start();
    const { server } = started;
    for (const [roles, has] of [
      [null, false],
      [['silver'], false],
      [['gold'], true],
    ] as const) {
      const browser = await openAs(server, roles && [...roles]);
      const answer = await browser.visit('/mixed');
      expect((await answer.text()).includes(words.gold)).toBe(has);
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
    }
    const { browser, person } = await signUp(server);
    const html = await (await browser.visit('/')).text();
    expect(html).toContain('data-session="in"');
    expect(html).toContain(`<b data-slot="user-name">${person.name}</b>`);
    const visitor = await server.openBrowser().visit('/');
    expect(await visitor.text()).toBe(files['index.html']);
    expect(visitor.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
  });

  test('has Latchkey’s account pages where it has none, in its own colours', async () => {
    await using started = await start();
    const { server } = started;
    const browser = server.openBrowser();
    for (const path of ['/login', '/register', '/logout', '/forgot-password', '/reset-password']) {
      const answer = await browser.visit(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain('<link rel="stylesheet" href="/latchkey.css"></head>');
    }
    const html = await (await browser.visit('/login')).text();
    for (const [, asset = ''] of html.matchAll(/(?:src|href)="(\/_astro\/[^"]+)"/g)) {
      expect([asset, (await browser.fetch(asset)).status]).toEqual([asset, 200]);
    }
    const theme = await browser.fetch('/latchkey.css');
    expect(theme.headers.get('content-type')).toBe('text/css; charset=utf-8');
    const css = await theme.text();
    expect(css).toContain('--action: rebeccapurple');
    expect(css).toContain("a[href='/secrets']");
    expect(css).toContain("a[href='/blog']");
    // Articles are of the product's own build.
    expect(css).toContain('#feed');
    // It has its generator's search, or none.
    expect(css).toContain("a[href='/search']");
    for (const path of ['/search', '/_search/indexes.json', '/_search/program/pagefind.js']) {
      expect([path, (await browser.visit(path)).status]).toEqual([path, 404]);
    }
    expect((await browser.visit('/dashboard')).status).toBe(302);
    const { person } = await signUp(server);
    const { headers } = await browser.submit('/login', {
      identifier: person.email,
      password: person.password,
      next: '/gold/',
    });
    expect(headers.get('location')).toBe('/gold/');
    expect((await browser.visit('/dashboard')).status).toBe(200);
  });

  test('may bring pages of accounts, which are open without a rule', async () => {
    await using started = await start('sqlite', { 'login/index.html': page('Our own log-in') });
    const answer = await started.server.openBrowser().visit('/login');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Our own')]);
    expect((await started.server.openBrowser().visit('/login/')).status).toBe(301);
  });

  test('keeps the account open to who has to set a second factor up', async () => {
    await using started = await start('sqlite', {}, { REQUIRE_SECOND_FACTOR: 'all' });
    const browser = await openAs(started.server, []);
    const { headers } = await browser.visit('/notes/');
    expect(headers.get('location')).toContain('/dashboard/second-factor');
    expect((await browser.visit('/logout')).status).toBe(200);
    expect((await browser.visit('/dashboard/second-factor')).status).toBe(200);
  });

  test('has a script for pages that a cache keeps', async () => {
    await using started = await start();
    const answer = await started.server.openBrowser().fetch('/_latchkey/session.js');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
    const source = await answer.text();
    expect(source.length).toBeLessThan(2048);
    const run = async (cookie: string, user: { name: string; roles: string[] } | null) => {
      const make = (when: string) => ({ dataset: { when }, hidden: false });
      const parts = ['signed-in', 'signed-out', 'role:gold', 'role:silver signed-in'].map(make);
      const name = { textContent: '' };
      const asked: string[] = [];
      const document = {
        ...{ cookie, readyState: 'complete', documentElement: { dataset: { session: '' } } },
        querySelector: () => name,
        querySelectorAll: (query: string) => (query === '[data-when]' ? parts : [name]),
      };
      const fetch = async (path: string) => {
        asked.push(path);
        return { ok: true, json: async () => ({ result: { data: user && { user } } }) };
      };
      runInNewContext(source, { document, fetch });
      await new Promise(setImmediate);
      const shown = parts.filter(({ hidden }) => !hidden).map(({ dataset }) => dataset.when);
      return {
        shown,
        asked,
        name: name.textContent,
        session: document.documentElement.dataset.session,
      };
    };
    expect(await run('', null)).toEqual({
      ...{ shown: ['signed-out'], asked: [], name: '', session: 'out' },
    });
    const gold = await run('a=b; signed-in=1', { name: 'Ada', roles: ['gold'] });
    expect(gold).toEqual({
      ...{ shown: ['signed-in', 'role:gold', 'role:silver signed-in'], name: 'Ada', session: 'in' },
      asked: ['/trpc/auth.session'],
    });
    expect(await run('signed-in=1', null)).toMatchObject({ shown: ['signed-out'], session: 'out' });
  });

  test('is served as it is built anew, while the server runs', async () => {
    await using started = await start();
    const browser = started.server.openBrowser();
    expect((await browser.visit('/docs/new')).status).toBe(404);
    await writeFile(join(started.folder, 'docs/new.html'), page('New'));
    await writeFile(join(started.folder, 'gold/new.html'), page(words.gold));
    await expect
      .poll(async () => (await browser.visit('/docs/new')).status, { timeout: 10_000 })
      .toBe(200);
    expect((await browser.visit('/gold/new')).status).toBe(302);
  });

  test('may bring files for search engines and feed readers later, in the place of Latchkey’s', async () => {
    const open = { '/sitemap.xml': 'public', '/feed.xml': 'public' };
    await using started = await start('sqlite', {}, {}, open);
    const browser = started.server.openBrowser();
    const read = async (path: string) => (await browser.fetch(path)).text();
    expect(await read('/sitemap.xml')).toContain('/docs/guide/');
    expect(await read('/robots.txt')).toContain('# ours');
    await rm(join(started.folder, 'robots.txt'));
    await writeFile(join(started.folder, 'sitemap.xml'), '<urlset>ours</urlset>');
    await writeFile(join(started.folder, 'feed.xml'), '<rss>ours</rss>');
    await expect
      .poll(() => read('/sitemap.xml'), { timeout: 10_000 })
      .toBe('<urlset>ours</urlset>');
    expect(await read('/feed.xml')).toBe('<rss>ours</rss>');
    expect(await read('/robots.txt')).toContain('Disallow: /trpc/');
    expect(await read('/%73itemap.xml')).toBe('<urlset>ours</urlset>');
    const posted = await browser.submit('/robots.txt', {});
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
