import { dialects } from '@latchkey/db/testing';
import type { Article } from '@latchkey/shared';
import { QueryTypes } from 'sequelize';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readArticles } from '../articles/articles-content.ts';
import { grantRole, revokeRole, setDisabled } from '../acts/change-person.ts';
import { builtFolder } from '../testing/fixture-site.ts';
import { readBuiltSite } from '../pages/built-site.ts';
import { createArticleSite, makeArticle } from '../testing/article-site.ts';
import { signUp } from '../testing/people.ts';
import { requestTarget } from '../testing/raw-request.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

afterEach(() => {
  vi.useRealTimers();
});

const origin = 'https://site.example';
const env = { PUBLIC_URL: origin, FREE_READS: '1' };

/** Somebody who reads without limit, signed in with the rights of this moment. */
async function signUpReader(server: TestServer) {
  const signedUp = await signUp(server);
  await server.database.User.update({ roles: ['member'] }, { where: { id: signedUp.user.id } });
  return signedUp;
}

async function makeFeed(client: ReturnType<typeof createClient>): Promise<string> {
  const { address } = await client.feed.create.mutate({});
  expect(address).toMatch(/^https:\/\/site\.example\/feed\/[\w-]{43}\.xml$/);
  return address.slice(origin.length);
}

/** A feed reader: it has no cookie. */
const fetchFeed = (server: TestServer, path: string, init?: RequestInit) =>
  server.openBrowser().fetch(path, init);

const unescape = (xml: string) =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** Sentences of the part that is not for everybody, free of markup. */
const restOf = ({ restHtml }: Article) =>
  [...restHtml.matchAll(/[A-Z][^<>&."']{40,}\./g)].map(String);

/** How much of the articles a feed has. */
async function judge(server: TestServer, path: string) {
  const answer = await fetchFeed(server, path);
  if (answer.status !== 200) return answer.status;
  const xml = unescape(await answer.text());
  const sentences = (await readArticles(server.deps.site)).flatMap(restOf);
  expect(sentences.length).toBeGreaterThan(30);
  const found = sentences.filter((sentence) => xml.includes(sentence));
  if (found.length === 0) return 'lead-ins';
  return found.length === sentences.length ? 'whole articles' : 'some';
}

const headersOf = ({ headers }: { headers: Headers }) =>
  Object.fromEntries([...headers].filter(([name]) => name !== 'date'));

describe.each(dialects)('a person’s own feed on %s', (dialect) => {
  test('has every article as a whole, for the role member, and counts nothing', async () => {
    await using server = await startTestServer(dialect, env);
    const { client } = await signUpReader(server);
    const path = await makeFeed(client);
    const answer = await fetchFeed(server, path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/rss+xml; charset=utf-8',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
    const xml = await answer.text();
    const articles = await readArticles(server.deps.site);
    const wholes = [...xml.matchAll(/<content:encoded>([^<]*)<\/content:encoded>/g)];
    expect(wholes.map(([, text = '']) => unescape(text))).toEqual(
      articles.map(({ leadHtml, restHtml }) => leadHtml + restHtml),
    );
    const leads = [...xml.matchAll(/<description>([^<]*)<\/description>\n<content/g)];
    expect(leads.map(([, text = '']) => unescape(text))).toEqual(
      articles.map(({ leadHtml }) => leadHtml),
    );
    // Readers pass on, or move to, what a feed says its address is.
    expect(xml).not.toContain('rel="self"');
    expect(xml).not.toContain(path.slice(6, 49));
    expect(await server.database.ArticleRead.count()).toBe(0);
  });

  test('belongs to nobody else, and is kept as a hash alone', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, user } = await signUpReader(server);
    const other = await signUpReader(server);
    const path = await makeFeed(client);
    const otherPath = await makeFeed(other.client);
    expect(otherPath).not.toBe(path);
    const [row] = await server.database.FeedAddress.findAll({ where: { userId: user.id } });
    expect(JSON.stringify(row?.get())).not.toContain(path.slice(6, 49));
    await client.feed.revoke.mutate();
    expect(await judge(server, path)).toBe(404);
    expect(await judge(server, otherPath)).toBe('whole articles');
  });

  test('gets a new address, and the old one opens nothing from then on', async () => {
    await using server = await startTestServer(dialect, env);
    const { client } = await signUpReader(server);
    const former = await makeFeed(client);
    await fetchFeed(server, former);
    const path = await makeFeed(client);
    expect(await judge(server, former)).toBe(404);
    expect(await client.feed.status.query()).toEqual({
      isWhole: true,
      madeAt: expect.any(String) as string,
      lastUsedAt: null,
    });
    expect(await judge(server, path)).toBe('whole articles');
    const addresses = await Promise.all([1, 2, 3, 4].map(() => makeFeed(client)));
    const answers = await Promise.all(addresses.map((address) => judge(server, address)));
    expect(answers.sort()).toEqual([404, 404, 404, 'whole articles']);
  });

  test('has what its person may read at that moment', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, user } = await signUpReader(server);
    const { database } = server;
    const path = await makeFeed(client);
    const person = await database.User.findByPk(user.id, { rejectOnEmpty: true });
    await revokeRole(server.deps, person, { role: 'member' });
    expect(await judge(server, path)).toBe('lead-ins');
    await grantRole(server.deps, person, { role: 'member' });
    expect(await judge(server, path)).toBe('whole articles');
    await setDisabled(server.deps, person, true);
    expect(await judge(server, path)).toBe(404);
    await setDisabled(server.deps, person, false);
    expect(await judge(server, path)).toBe('whole articles');
    await database.User.destroy({ where: { id: user.id } });
    expect(await judge(server, path)).toBe(404);
    expect(await database.FeedAddress.count()).toBe(0);
  });

  test('ends with a new password, and not with other sessions', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, person } = await signUpReader(server);
    const path = await makeFeed(client);
    await client.sessions.revokeOthers.mutate({});
    expect(await judge(server, path)).toBe('whole articles');
    const { password: currentPassword } = person;
    const change = { currentPassword, newPassword: 'another quiet lantern' };
    await client.account.changePassword.mutate(change);
    expect(await judge(server, path)).toBe(404);
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events.slice(0, 2).sort()).toEqual(['feed-revoked', 'password-changed']);
  });

  test('is not made by a session that a new password ends meanwhile', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, person } = await signUpReader(server);
    const { email: identifier, password: currentPassword } = person;
    const thief = createClient(server.openBrowser());
    await thief.auth.login.mutate({ identifier, password: currentPassword });
    let isOver = false;
    const makeOnAndOn = async () => {
      while (!isOver) await thief.feed.create.mutate({}).catch(() => null);
    };
    const making = Promise.all([1, 2, 3, 4].map(makeOnAndOn));
    const change = { currentPassword, newPassword: 'another quiet lantern' };
    await client.account.changePassword.mutate(change);
    isOver = true;
    await making;
    expect(await thief.auth.session.query()).toBeNull();
    expect(await client.feed.status.query()).toMatchObject({ madeAt: null });
  });

  test('is never in the way of whoever ends the sessions of its person', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, user } = await signUpReader(server);
    const { sequelize, User, Session } = server.database;
    const isWaiting = async () => {
      // On SQLite it waits in this process, for the turn to write.
      if (dialect === 'sqlite') return true;
      const sql = 'SELECT 1 FROM pg_locks WHERE NOT granted';
      return (await sequelize.query(sql, { type: QueryTypes.SELECT })).length > 0;
    };
    let making: ReturnType<typeof catchRefusal> | undefined;
    await sequelize.transaction(async (transaction) => {
      await User.findByPk(user.id, { transaction, lock: transaction.LOCK.UPDATE });
      making = catchRefusal(client.feed.create.mutate({}));
      await vi.waitFor(async () => expect(await isWaiting()).toBe(true), 10_000);
      await Session.destroy({ where: { userId: user.id }, transaction });
    });
    expect(await making).toMatchObject({ httpStatus: 401, reason: 'sign-in-required' });
  });

  test('says when it was made and last used, to the hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    await using server = await startTestServer(dialect, env);
    const { client } = await signUpReader(server);
    expect(await client.feed.status.query()).toEqual({
      isWhole: true,
      madeAt: null,
      lastUsedAt: null,
    });
    const path = await makeFeed(client);
    const readUse = async () => (await client.feed.status.query()).lastUsedAt;
    await fetchFeed(server, path, { method: 'HEAD' });
    expect(await readUse()).toBeNull();
    vi.setSystemTime(new Date('2026-11-21T12:10:00Z'));
    await fetchFeed(server, path);
    vi.setSystemTime(new Date('2026-11-21T12:50:00Z'));
    await fetchFeed(server, path);
    expect(await readUse()).toBe('2026-11-21T12:10:00.000Z');
    vi.setSystemTime(new Date('2026-11-21T13:10:00Z'));
    await fetchFeed(server, path);
    expect(await readUse()).toBe('2026-11-21T13:10:00.000Z');
  });

  test('is told of in the person’s log and in the server’s, each time once', async () => {
    await using server = await startTestServer(dialect, env);
    const { client, user, browser } = await signUpReader(server);
    await makeFeed(client);
    await client.feed.revoke.mutate();
    await client.feed.revoke.mutate();
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events.sort()).toEqual(['feed-made', 'feed-revoked', 'registered']);
    const lines = server.logLines.map((line) => JSON.parse(line) as { event?: string });
    const who = { userId: user.id, address: browser.address, outcome: 'feed' };
    expect(lines.filter(({ event }) => event?.startsWith('authn_token'))).toMatchObject([
      { event: 'authn_token_created', ...who },
      { event: 'authn_token_revoked', ...who },
    ]);
  });
});

describe('an address of a feed', () => {
  test('is for people who are signed in and have the role', async () => {
    await using server = await startTestServer('sqlite', env);
    const visitor = createClient(server.openBrowser());
    for (const call of [
      () => visitor.feed.create.mutate({}),
      () => visitor.feed.revoke.mutate(),
      () => visitor.feed.status.query(),
    ]) {
      expect(await catchRefusal(call()), String(call)).toMatchObject({ httpStatus: 401 });
    }
    const { client } = await signUp(server);
    expect(await catchRefusal(client.feed.create.mutate({}))).toMatchObject({
      httpStatus: 403,
      reason: 'forbidden',
    });
    expect(await client.feed.status.query()).toMatchObject({ isWhole: false, madeAt: null });
    expect(await server.database.FeedAddress.count()).toBe(0);
  });

  test('wants a proof of at most five minutes to be made, and none to be turned off', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    await using server = await startTestServer('sqlite', env);
    const { client, person } = await signUpReader(server);
    vi.setSystemTime(Date.now() + 301_000);
    expect(await catchRefusal(client.feed.create.mutate({}))).toMatchObject({
      httpStatus: 403,
      reason: 'password-required',
    });
    expect(
      await catchRefusal(client.feed.create.mutate({ currentPassword: 'not this one' })),
    ).toMatchObject({ reason: 'wrong-password' });
    expect(await server.database.FeedAddress.count()).toBe(0);
    await client.feed.create.mutate({ currentPassword: person.password });
    vi.setSystemTime(Date.now() + 301_000);
    await client.feed.revoke.mutate();
    expect(await server.database.FeedAddress.count()).toBe(0);
  });

  test('that opens nothing is answered as whatever does not exist', async () => {
    await using server = await startTestServer('sqlite', env);
    const { client, user } = await signUpReader(server);
    const { client: revoking } = await signUpReader(server);
    const [disabled, revoked] = [await makeFeed(client), await makeFeed(revoking)];
    await server.database.User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    await revoking.feed.revoke.mutate();
    for (const accept of ['text/html', '*/*']) {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const ask = (path: string) => fetchFeed(server, path, { method, headers: { accept } });
        const nothing = await ask('/nothing-here');
        const expected = [nothing.status, headersOf(nothing), await nothing.text()];
        expect(nothing.status, `${accept} ${method}`).toBe(404);
        for (const path of [
          ...[disabled, revoked, `/feed/${'A'.repeat(43)}.xml`],
          ...['/feed', '/feed/', '/feed/x.xml', `/feed/${'A'.repeat(44)}.xml`],
          `/feed/${'A'.repeat(43)}`,
        ]) {
          const answer = await ask(path);
          const given = [answer.status, headersOf(answer), await answer.text()];
          expect([path, ...given]).toEqual([path, ...expected]);
        }
      }
    }
  });

  test('is looked for in the same way, whether it was turned off or never was', async () => {
    await using server = await startTestServer('sqlite', env);
    const { client } = await signUpReader(server);
    const revoked = await makeFeed(client);
    await client.feed.revoke.mutate();
    await server.deps.securityLog.flush();
    const countQueries = async (path: string) => {
      const query = vi.spyOn(server.database.sequelize, 'query');
      await fetchFeed(server, path);
      const { length } = query.mock.calls;
      query.mockRestore();
      return length;
    };
    expect(await countQueries(revoked)).toBe(1);
    expect(await countQueries(`/feed/${'A'.repeat(43)}.xml`)).toBe(1);
  });

  test('takes HEAD as GET, another person’s cookie changes nothing, and none is set', async () => {
    await using server = await startTestServer('sqlite', env);
    const { client } = await signUpReader(server);
    const path = await makeFeed(client);
    const { browser: stranger } = await signUp(server);
    const whole = await stranger.fetch(path);
    expect(whole.headers.getSetCookie()).toEqual([]);
    expect(await whole.text()).toContain('<content:encoded>');
    const head = await stranger.fetch(path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
    expect(head.headers.get('cache-control')).toBe('private, no-store');
    expect(head.headers.getSetCookie()).toEqual([]);
  });

  test('stands in no line of the log, in whatever spelling it is asked for', async () => {
    await using server = await startTestServer('sqlite', env);
    const { client, browser } = await signUpReader(server);
    const path = await makeFeed(client);
    const token = path.slice(6, 49);
    for (const target of [
      ...[path, `${path}?x=1`, `${path}/`, `/feed/${token}`, `/feed/${token}.html`],
      ...[`/%66eed/${token}.xml`, `/feed%2f${token}.xml`, `//feed//${token}.xml`],
      ...[`/feed\\${token}.xml`, `\\feed%5c${token}`, `/feed%252f${token}.xml`, `/feed;/${token}`],
      ...[
        `/Feed/${token}.xml`,
        `/feed/${token}%`,
        `/feed/../feed/${token}.xml`,
        `/./feed/${token}`,
      ],
      `http://site.example/feed/${token}.xml`,
      ...['feeds', 'fed', 'rss', 'feed.xml', 'blog/feed', '.feed', 'feed:', 'feed%20'].map(
        (folder) => `/${folder}/${token}.xml`,
      ),
      ...['.', ')', '%E2%80%8B', '%20', '%0A', '/index.html', '%2F', ';a=b', '%C3'].map(
        (rest) => path + rest,
      ),
      ...[`/${token}.xml`, `/${token}`, `/feed${token}.xml`, `/feed-${token}`, `/feed=${token}`],
      ...[`/a/${token.slice(0, 20)}/${token.slice(20)}.xml`, `/login&next=${path}`],
      ...[`/trpc/${token}`, `/trpc/feed.status,${token}`, `/download/${token}.xml`],
    ]) {
      const headers = { accept: 'text/html', referer: `https://site.example${path}` };
      await requestTarget(server.url, target, { headers });
      await requestTarget(server.url, target, { method: 'POST', headers });
    }
    await browser.fetch(path, { method: 'POST', body: '{' });
    // The database fails from here on.
    await server.database.sequelize.query('DROP TABLE feed_addresses');
    const failed = await fetchFeed(server, path, { headers: { accept: 'text/html' } });
    expect(failed.status).toBe(503);
    expect(await failed.text()).not.toContain(token);
    const text = server.logLines.join('');
    expect(text).toContain('"path":"/feed/…"');
    expect(text).toContain('"level":50');
    expect(text.toLowerCase()).not.toContain(token.toLowerCase().slice(0, 20));
    expect(text.toLowerCase()).not.toContain(token.toLowerCase().slice(20));
  });

  test('is in no export of the account, which says that there is one', async () => {
    await using server = await startTestServer('sqlite', env);
    const { client } = await signUpReader(server);
    expect((await client.account.export.mutate({})).feed).toEqual({
      madeAt: null,
      lastUsedAt: null,
    });
    const path = await makeFeed(client);
    await fetchFeed(server, path);
    const [row] = await server.database.FeedAddress.findAll();
    const exported = await client.account.export.mutate({});
    expect(exported.feed).toEqual({
      madeAt: row?.madeAt.toISOString(),
      lastUsedAt: row?.lastUsedAt?.toISOString(),
    });
    const text = JSON.stringify(exported);
    for (const secret of [path.slice(6, 49), row?.tokenHash]) expect(text).not.toContain(secret);
  });
});

test('Links and images in an article lead to the site from everywhere', async () => {
  const article = {
    ...{ slug: 'an-article', title: 'A & B <c>', summary: '', date: '2026-11-21' },
    ...{ isFree: false, aliases: [], file: 'src/content/blog/an-article.md' },
    leadHtml: '<p><a href="/login">in</a></p>',
    restHtml: '<p><a href="#end">end</a> <img src="/a.png" alt="">]]></p>',
  };
  const built = readBuiltSite(builtFolder);
  const readText = async () => JSON.stringify({ items: [article] });
  await using server = await startTestServer('sqlite', env, { site: { ...built, readText } });
  const { client } = await signUpReader(server);
  const xml = await (await fetchFeed(server, await makeFeed(client))).text();
  const address = `${origin}/blog/an-article`;
  expect(unescape(xml)).toContain(
    `<p><a href="${origin}/login">in</a></p><p><a href="${address}#end">end</a> <img src="${origin}/a.png" alt="">]]></p>`,
  );
  expect(xml).toContain('<title>A &amp; B &lt;c&gt;</title>');
  expect(xml).toContain(`<guid isPermaLink="true">${address}</guid>`);
  expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
  const open = await (await fetchFeed(server, '/feed.xml')).text();
  expect(unescape(open)).toContain(`<p><a href="${origin}/login">in</a></p></description>`);
  expect(open).not.toContain('a.png');
});

test('The public feed goes on without a secret address, and names its own', async () => {
  await using server = await startTestServer('sqlite', env);
  const xml = await (await fetchFeed(server, '/feed.xml')).text();
  expect(xml).toContain(`<atom:link href="${origin}/feed.xml" rel="self"`);
  expect(xml).not.toContain('<content:encoded>');
});

test('Feeds answer conditional requests, also the one whose address is secret', async () => {
  await using server = await startTestServer('sqlite', env);
  const { client } = await signUpReader(server);
  for (const path of ['/feed.xml', await makeFeed(client)]) {
    for (const encoding of ['br', 'identity']) {
      const headers = { 'accept-encoding': encoding };
      const first = await fetchFeed(server, path, { headers });
      const etag = first.headers.get('etag') ?? '';
      expect(etag, `${path} ${encoding}`).toBeTruthy();
      const again = await fetchFeed(server, path, {
        headers: { ...headers, 'if-none-match': etag },
      });
      expect([again.status, await again.text()], `${path} ${encoding}`).toEqual([304, '']);
      expect(again.headers.get('cache-control'), `${path} ${encoding}`).toBe(
        first.headers.get('cache-control'),
      );
      const other = await fetchFeed(server, path, { headers: { 'if-none-match': '"other"' } });
      expect(other.status, `${path} ${encoding}`).toBe(200);
    }
  }
  const since = (await fetchFeed(server, '/feed.xml')).headers.get('last-modified') ?? '';
  const later = await fetchFeed(server, '/feed.xml', { headers: { 'if-modified-since': since } });
  expect(later.status).toBe(304);
});

test('No character breaks a feed, and a renamed article stays the same one', async () => {
  const strange = '\u0000\u0008\u000b\u001b\ufffe\ud800';
  const article = makeArticle({
    slug: 'an-article',
    title: `A${strange}B`,
    leadHtml: `<p>${strange} ]]> 🔑\t</p>`,
    aliases: ['/blog/älter', '/blog/old'],
  });
  await using folder = await createArticleSite([article]);
  await using server = await startTestServer('sqlite', env, { site: folder.site });
  const xml = await (await fetchFeed(server, '/feed.xml')).text();
  // eslint-disable-next-line no-control-regex -- what XML has no place for
  expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  expect(xml).toContain('🔑\t');
  expect(xml).toContain(`<guid isPermaLink="true">${origin}/blog/%C3%A4lter</guid>`);
});
