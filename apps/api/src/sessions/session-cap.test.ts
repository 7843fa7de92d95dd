import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { generateToken, hashToken } from '../tokens/secret-token.ts';
import { signUp } from '../testing/people.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

const HOUR_MS = 3_600_000;

/** Sessions of a person that were used so many hours ago, straight into the database. */
async function addSessions({ database }: TestServer, userId: string, hoursAgo: number[]) {
  const rows = hoursAgo.map((hours) => {
    const lastSeenAt = new Date(Date.now() - hours * HOUR_MS);
    const ends = new Date(Date.now() + HOUR_MS);
    return {
      ...{ userId, tokenHash: hashToken(generateToken()), staySignedIn: true },
      ...{ authenticatedAt: lastSeenAt, lastSeenAt, idleExpiresAt: ends, expiresAt: ends },
    };
  });
  return database.Session.bulkCreate(rows);
}

const sequence = (length: number) => Array.from({ length }, (_, index) => index);

describe.each(dialects)('The sessions of a person (%s)', (dialect) => {
  // ASVS 7.1.2
  test('are no more than are set: a new one ends the one that was not used for longest, and it is told', async () => {
    await using server = await startTestServer(dialect, { SESSION_MAX_PER_PERSON: '3' });
    const { person, user, client } = await signUp(server);
    const [older, oldest] = await addSessions(server, user.id, [1, 2]);
    const other = createClient(server.openBrowser());
    const login = { identifier: person.email, password: person.password };
    await other.auth.login.mutate(login);
    const left = (await client.sessions.list.query()).map(({ id }) => id);
    expect(left).toHaveLength(3);
    expect(left).toContain(older?.id);
    expect(left).not.toContain(oldest?.id);
    expect((await client.activity.list.query()).map(({ event }) => event)).toContain(
      'oldest-session-ended',
    );
  });

  test('are no more when many log in at once, and one who logs in again there displaces nobody', async () => {
    await using server = await startTestServer(dialect, { SESSION_MAX_PER_PERSON: '3' });
    const { person, user, client } = await signUp(server);
    const login = { identifier: person.email, password: person.password };
    await Promise.all(
      sequence(8).map(() => createClient(server.openBrowser()).auth.login.mutate(login)),
    );
    const count = () => server.database.Session.count({ where: { userId: user.id } });
    expect(await count()).toBe(3);
    const known = await server.database.Session.findAll({ where: { userId: user.id } });
    await client.auth.logout.mutate();
    await client.auth.login.mutate(login);
    await client.auth.login.mutate(login);
    const now = await server.database.Session.findAll({ where: { userId: user.id } });
    expect(now.length).toBeLessThanOrEqual(3);
    expect(
      now.filter(({ id }) => known.some((session) => session.id === id)).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test('come in pages, this one first, each of them once', async () => {
    await using server = await startTestServer(dialect);
    const { user, client } = await signUp(server);
    // Many of them at the same moment.
    await addSessions(
      server,
      user.id,
      sequence(250).map((index) => Math.floor(index / 50) + 1),
    );
    const ids: string[] = [];
    for (let page = await client.sessions.list.query({ limit: 40 }); page.length > 0;) {
      expect(page.length).toBeLessThanOrEqual(40);
      ids.push(...page.map(({ id }) => id));
      page = await client.sessions.list.query({ limit: 40, cursor: ids.at(-1) });
    }
    expect([ids.length, new Set(ids).size]).toEqual([251, 251]);
    expect(await client.sessions.list.query()).toHaveLength(50);
    const gone = '00000000-0000-4000-8000-000000000000';
    expect(await client.sessions.list.query({ cursor: gone })).toEqual([]);
  });

  test('make a dashboard of bounded length, whose links lead through all of them', async () => {
    await using server = await startTestServer(dialect);
    const { user, browser } = await signUp(server);
    const sessions = await addSessions(
      server,
      user.id,
      sequence(2000).map((index) => index / 100),
    );
    await server.database.Activity.bulkCreate(
      sequence(300).map(() => ({ userId: user.id, event: 'logged-in' })),
    );
    const shown = new Set<string>();
    let path: string | undefined = '/dashboard';
    for (let page = 0; page < 4 && path !== undefined; page += 1) {
      const html: string = await (await browser.visit(path)).text();
      expect(html.length).toBeLessThan(120_000);
      for (const [, id = ''] of html.matchAll(/data-session-id="([^"]+)"/g)) shown.add(id);
      path = /href="(\/dashboard\?sessions=[^"]+)#sessions"/.exec(html)?.[1];
    }
    expect(shown.size).toBe(80);
    expect([...shown].slice(1)).toEqual(sessions.slice(0, 79).map(({ id }) => id));
    const older = await (await browser.visit('/dashboard')).text();
    const link = /href="(\/dashboard\?activity=[^"]+)#activity"/.exec(older)?.[1] ?? '';
    expect(await (await browser.visit(link)).text()).toContain('href="/dashboard#activity"');
    expect((await browser.visit('/dashboard?sessions=nonsense&activity=%00')).status).toBe(200);
  });
});
