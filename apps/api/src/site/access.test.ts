import { MEMBERS_CONTENT_PATH, REDIRECTS_FILE, type Access } from '@latchkey/shared';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { createArticleSite, makeArticle } from '../testing/article-site.ts';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

const words = {
  gold: 'The brass lamp stands on the second shelf.',
  members: 'The spare key hangs behind the third clock.',
};
const mark = (access: string) => access && `<meta name="latchkey-access" content="${access}">`;
const page = (access: string, text: string) =>
  `<html data-session="out"><head>${mark(access)}<title>T</title></head><main>${text}</main></html>`;

const section = (id: string, access: Access) => ({
  ...{ id, title: `Title of ${id}`, summary: `Summary of ${id}`, access },
  html: `<p>Text of ${id}</p>`,
});
const sections = [section('for-all', 'members'), section('for-gold', ['gold', 'operator'])];

const articles = [
  makeArticle({ slug: 'metered' }),
  makeArticle({ slug: 'for-members', access: 'members' }),
  makeArticle({ slug: 'for-gold', access: ['gold'], aliases: ['/old-gold'] }),
];

const files = {
  'gold.html': page('', `<p>${words.gold}</p>`),
  'gold/anything.bin': words.gold,
  'marked.html': page('gold silver', words.gold),
  'handbook.html': page('', words.members),
  'plan.pdf': words.members,
  'links.html': `<html data-session="out"><head>${mark('public')}<title>T</title></head>
    <a href="/gold" data-when="role:gold role:silver">Gold</a></html>`,
  'secrets.html': page(
    'members',
    `${words.members}<!--if:role:gold operator-->${words.gold}<!--/if:role:gold operator-->`,
  ),
  'secrets.json': JSON.stringify({ items: sections }),
  [REDIRECTS_FILE]: JSON.stringify({
    '/old-gold': { status: 301, location: '/blog/for-gold' },
    '/old-marked': { status: 301, location: '/marked' },
    '/old-handbook': { status: 301, location: '/handbook' },
  }),
};

/** What opens to whom: by the kind of thing, an address and who may have it. */
const things: [kind: string, path: string, access: Access, isPage: boolean][] = [
  ['a page with a rule', '/gold', ['gold'], true],
  ['a page with a mark of its own', '/marked', ['gold', 'silver'], true],
  ['a page without either', '/handbook', 'members', true],
  ['a file', '/plan.pdf', 'members', false],
  ['a download with a rule', '/download/gold/plan.txt', ['gold', 'operator'], false],
  ['a download without one', '/download/notes.txt', 'members', false],
  ['an article for a role', '/blog/for-gold', ['gold'], true],
  ['an article for members', '/blog/for-members', 'members', true],
  ['a former address of a page for roles', '/old-marked', ['gold', 'silver'], true],
  ['a former address of an article for a role', '/old-gold', ['gold'], true],
];
const readers: [who: string, roles: string[] | null][] = [
  ['a visitor', null],
  ['somebody without a role', []],
  ['somebody with another role', ['member', 'goldfish']],
  ['somebody with the role', ['gold']],
  ['an operator', ['operator']],
];

async function start(dialect: (typeof dialects)[number], env: Record<string, string> = {}) {
  const { site, ...folder } = await createArticleSite(articles, files);
  const downloads = await createTemporaryFolder({
    'gold/plan.txt': words.gold,
    'notes.txt': words.members,
  });
  const server = await startTestServer(dialect, env, { site, downloadsFolder: downloads.path });
  return {
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await downloads[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function logIn(server: TestServer, roles: string[] | null) {
  if (!roles) return { browser: server.openBrowser(), id: '' };
  const { browser, user } = await signUp(server);
  await server.database.User.update({ roles }, { where: { id: user.id } });
  return { browser, id: user.id };
}

function expectStatus(access: Access, roles: string[] | null, isPage: boolean): number {
  if (!roles) return isPage ? 302 : 401;
  const isOpen =
    access === 'members' || roles.some((role) => (access as readonly string[]).includes(role));
  return isOpen ? 200 : 403;
}

describe.each(dialects)('on %s, what is for some', (dialect) => {
  // ASVS 8.2.1, 8.2.2, 8.3.1
  test.each(readers)('opens to %s as the rules say', async (_who, roles) => {
    await using started = await start(dialect);
    const { browser } = await logIn(started.server, roles);
    for (const [kind, path, access, isPage] of things) {
      const answer = await browser.visit(path);
      const status = expectStatus(access, roles, isPage);
      const isMoved = status === 200 && path.startsWith('/old-');
      expect([kind, answer.status], path).toEqual([kind, isMoved ? 301 : status]);
      expect(answer.headers.get('cache-control'), path).toBe('private, no-store');
      expect(answer.headers.get('x-robots-tag'), path).toBe('noindex');
      const body = await answer.text();
      const isOpen = answer.status === 200;
      if (!isOpen) for (const text of Object.values(words)) expect(body, path).not.toContain(text);
      if (!isOpen) expect(body + String(answer.headers.get('location'))).not.toContain('for-gold/');
    }
  });

  test('is refused in every spelling of its address, or is not there', async () => {
    await using started = await start(dialect);
    const { browser } = await logIn(started.server, ['silver']);
    const cookie = browser.cookieHeader;
    const spellings = [
      ...[
        '/gold',
        '/gold/',
        '/gold.html',
        '/gold/index.html',
        '//gold',
        '/./gold',
        '/gold/.',
        '/gold//',
      ],
      ...[
        '/%67old',
        '/gold%2f',
        '/gold%00',
        '/GOLD',
        '/gold;x',
        '/gold?x',
        '/gold%3f',
        '/x/../gold',
      ],
      ...['/x/%2e%2e/gold', '/gold%5c', '/\\gold', '/gold/anything.bin', '/gold/./anything.bin'],
      ...['/gold%2fanything.bin', '/download/gold/plan.txt', '/download/./gold/plan.txt'],
      ...['/download/x/../gold/plan.txt', '/download/gold%2fplan.txt', '/download//gold/plan.txt'],
    ];
    for (const target of spellings) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await requestTarget(started.server.url, target, {
          method,
          headers: { cookie },
        });
        expect([301, 400, 403, 404], `${method} ${target}`).toContain(answer.status);
        expect(answer.body, target).not.toContain(words.gold);
      }
    }
  });

  test('says for whom it is, and how to go on', async () => {
    await using server = await startTestServer(dialect);
    const { browser } = await logIn(server, []);
    const html = await (await browser.visit('/gold')).text();
    expect(html).toContain('Your account does not open this.');
    expect(html).toContain('It is for people with the role “Gold member”.');
    expect(html).toContain('data-session="in"');
    expect(html).toMatch(/href="\/dashboard"[^>]*>Go to your account</);
    expect((await browser.visit('/gold')).status).toBe(403);
    const plain = await browser.fetch('/download/gold/plan.txt', { headers: { accept: '*/*' } });
    expect(await plain.text()).toBe(
      'Your account does not open this. It is for people with the role “Gold member” or “Operator”. The people who run this site can give it to you.\n',
    );
  });

  // ASVS 8.3.2
  test('opens in an open session once the role is given, and is over at the second it ends', async () => {
    await using started = await start(dialect);
    const { server } = started;
    const { browser, id } = await logIn(server, []);
    const { secrets } = createClient(browser);
    const give = (end: number) =>
      server.database.User.update(
        { roleEnds: { gold: new Date(end).toISOString() } },
        { where: { id } },
      );
    expect((await browser.visit('/gold')).status).toBe(403);
    await give(Date.now() + 3_600_000);
    expect((await browser.visit('/gold')).status).toBe(200);
    expect((await browser.visit('/blog/for-gold')).status).toBe(200);
    expect((await secrets.list.query()).items).toHaveLength(2);
    expect((await createClient(browser).auth.session.query())?.user.roles).toEqual(['gold']);
    await give(Date.now() - 1);
    expect((await browser.visit('/gold')).status).toBe(403);
    expect((await browser.visit('/download/gold/plan.txt')).status).toBe(403);
    expect((await secrets.list.query()).items).toHaveLength(1);
    expect((await createClient(browser).auth.session.query())?.user.roles).toEqual([]);
  });

  test('is a part of the members’ page and of their data for those alone who have the role', async () => {
    await using started = await start(dialect);
    const own = await logIn(started.server, ['gold']);
    const other = await logIn(started.server, ['silver']);
    for (const { browser, isGold } of [
      { ...own, isGold: true },
      { ...other, isGold: false },
    ]) {
      const html = await (await browser.visit('/secrets')).text();
      expect([html.includes(words.members), html.includes(words.gold)]).toEqual([true, isGold]);
      const data = await (await browser.fetch(MEMBERS_CONTENT_PATH)).text();
      expect([data.includes('for-all'), data.includes('for-gold')]).toEqual([true, isGold]);
      const { items } = await createClient(browser).secrets.list.query();
      expect(items.map(({ id }) => id)).toEqual(isGold ? ['for-all', 'for-gold'] : ['for-all']);
      expect(items[0]).not.toHaveProperty('access');
    }
  });

  test('has links on pages for everybody, shown to those who have the role', async () => {
    await using started = await start(dialect);
    const read = async (roles: string[] | null) => {
      const { browser } = await logIn(started.server, roles);
      return (await browser.visit('/links')).text();
    };
    expect(await read(null)).toContain('data-when="role:gold role:silver"');
    expect(await read(['member'])).toContain('data-when="role:gold role:silver"');
    expect(await read(['silver'])).toContain('data-when="role:gold role:silver signed-in"');
  });
});

describe.each(dialects)('on %s, an article for some', (dialect) => {
  test('is in no list, feed and sitemap of others, and uncounted for its readers', async () => {
    await using started = await start(dialect, { FREE_READS: '1' });
    const { server } = started;
    for (const [roles, known] of [
      [null, ['metered']],
      [[], ['metered', 'for-members']],
      [['gold'], ['metered', 'for-members', 'for-gold']],
    ] as const) {
      const { browser } = await logIn(server, roles && [...roles]);
      const { articles: api } = createClient(browser);
      const { items } = await api.list.query();
      expect(items.map(({ slug }) => slug)).toEqual(known);
      for (const { slug } of articles) {
        const reading = api.read.mutate({ slug });
        if ((known as readonly string[]).includes(slug)) await reading;
        else {
          const reason = roles ? 'role-required' : 'sign-in-required';
          await expect(reading).rejects.toMatchObject({ data: { reason } });
        }
      }
    }
    const visitor = server.openBrowser();
    for (const path of ['/feed.xml', '/sitemap.xml']) {
      const text = await (await visitor.fetch(path)).text();
      expect(text, path).toContain('/blog/metered');
      expect(text, path).not.toMatch(/for-gold|for-members/);
    }
    const counted = await server.database.ArticleRead.findAll();
    expect(new Set(counted.map(({ slug }) => slug))).toEqual(new Set(['metered']));
  });

  test('is whole in the own feed of who may read it, and in nobody else’s', async () => {
    await using started = await start(dialect);
    for (const roles of [['gold', 'member'], ['member']]) {
      const { browser } = await logIn(started.server, roles);
      const { address } = await createClient(browser).feed.create.mutate({});
      const feed = await (await browser.fetch(new URL(address).pathname)).text();
      expect(feed).toContain('Rest of for-members');
      expect(feed.includes('Rest of for-gold')).toBe(roles.includes('gold'));
    }
  });
});
