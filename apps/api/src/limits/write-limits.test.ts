import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, startTestServer } from '../testing/test-server.ts';
import { createWriteLimits } from './write-limits.ts';

const tooMany = { httpStatus: 429, reason: 'too-many-attempts' };

describe.each(dialects)('What a person changes is counted (%s)', (dialect) => {
  test('whatever it is, by script and by form, and nobody else waits for it', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client, user } = await signUp(server);
    const other = await signUp(server);
    const changes = [
      ...Array.from(
        { length: 15 },
        (_, index) => () => client.account.update.mutate({ name: `Ada ${index}` }),
      ),
      ...Array.from({ length: 15 }, () => () => client.feed.revoke.mutate()),
      ...Array.from({ length: 15 }, () => () => client.account.export.mutate()),
      ...Array.from({ length: 15 }, () => () => client.sessions.revokeOthers.mutate()),
    ];
    for (const change of changes) await change();
    const count = () => server.database.Activity.count({ where: { userId: user.id } });
    const lines = await count();
    for (const refused of [
      () => client.account.update.mutate({ name: 'Once more' }),
      () => client.account.changeEmail.mutate({ email: 'once-more@example.com' }),
      () => client.sessions.revoke.mutate({ id: user.id }),
      () => client.articles.read.mutate({ slug: 'how-a-session-ends' }),
      () => client.auth.logout.mutate(),
    ]) {
      expect(await catchRefusal(refused()), String(refused)).toMatchObject(tooMany);
    }
    const answer = await postTrpc(browser, 'feed.revoke', undefined);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const sent = await browser.submit('/dashboard', { action: 'profile', name: 'By form' });
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      '/dashboard#too-many-attempts',
    ]);
    expect(await count()).toBe(lines);
    // Reading goes on, and so does everybody else.
    expect((await client.auth.session.query())?.user.name).toBe('Ada 14');
    await other.client.account.update.mutate({ name: 'Grace' });
  });
});

test('Whoever is refused costs the database nothing', async () => {
  await using server = await startTestServer('sqlite');
  const limits = createWriteLimits(server.database, { perPerson: 1, perAddress: 9 });
  const ask = () => limits.begin('203.0.113.1', 'ada');
  const counted = async () =>
    (await server.database.RateLimit.findAll()).map(({ key, points }) => [key, points]);
  expect([await ask(), await ask()]).toMatchObject([{ isAllowed: true }, { isAllowed: false }]);
  const before = await counted();
  expect(await ask()).toMatchObject({ isAllowed: false });
  expect(await counted()).toEqual(before);
});

test('A visitor who forgets the cookie of the free reads is counted by address', async () => {
  await using server = await startTestServer('sqlite');
  server.deps.writeLimits = createWriteLimits(server.database, { perPerson: 9, perAddress: 2 });
  const browser = server.openBrowser();
  const visit = async (path: string) => {
    browser.cookies.clear();
    return browser.visit(path);
  };
  for (let index = 0; index < 2; index += 1) {
    expect((await visit('/blog/how-a-session-ends')).status).toBe(200);
  }
  const refused = await visit('/blog/how-a-session-ends');
  expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
  expect(await refused.text()).not.toContain('data-slot="reads"');
  expect(await server.database.ArticleRead.count()).toBe(2);
  expect((await visit('/blog')).status).toBe(200);
});
