import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';

async function logInAgain(server: TestServer, person: { email: string; password: string }) {
  const browser = server.openBrowser();
  const { email: identifier, password } = person;
  await browser.fetch('/trpc/auth.login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': firefox },
    body: JSON.stringify({ identifier, password }),
  });
  return { browser, client: createClient(browser) };
}

describe.each(dialects)('sessions on %s', (dialect) => {
  // ASVS 7.5.2
  test('are listed with this one first, and the live ones of the person alone', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const other = await logInAgain(server, person);
    const ended = await logInAgain(server, person);
    await signUp(server);
    const { Session } = server.database;
    const past = new Date(Date.now() - 1);
    await Session.update({ idleExpiresAt: past }, { where: { address: ended.browser.address } });
    const list = await client.sessions.list.query();
    expect(list).toMatchObject([
      { device: 'An unknown device', address: browser.address, isCurrent: true },
      { device: 'Firefox on Linux', address: other.browser.address, isCurrent: false },
    ]);
    for (const entry of list) {
      expect(Object.keys(entry).sort()).toEqual(
        ['address', 'createdAt', 'device', 'id', 'isCurrent', 'lastSeenAt'].sort(),
      );
      expect(new Date(entry.lastSeenAt).toISOString()).toBe(entry.lastSeenAt);
    }
    expect((await other.client.sessions.list.query()).map(({ isCurrent }) => isCurrent)).toEqual([
      true,
      false,
    ]);
  });

  // ASVS 7.5.2
  test('are ended one at a time, at once', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const [one, two] = [await logInAgain(server, person), await logInAgain(server, person)];
    const list = await client.sessions.list.query();
    const id = list.find(({ address }) => address === one.browser.address)?.id ?? '';
    expect(await client.sessions.revoke.mutate({ id: id.toUpperCase() })).toEqual({});
    expect(await one.client.auth.session.query()).toBeNull();
    expect((await one.browser.visit('/secrets')).status).toBe(302);
    expect(await two.client.auth.session.query()).not.toBeNull();
    expect(await catchRefusal(client.sessions.revoke.mutate({ id }))).toMatchObject({
      httpStatus: 404,
      reason: 'not-found',
    });
  });

  test('are ended all but this one', async () => {
    await using server = await startTestServer(dialect);
    const { person, client } = await signUp(server);
    const others = [await logInAgain(server, person), await logInAgain(server, person)];
    const bystander = await signUp(server);
    expect(await client.sessions.revokeOthers.mutate({})).toEqual({ ended: 2 });
    expect(await client.sessions.revokeOthers.mutate({})).toEqual({ ended: 0 });
    for (const other of others) expect(await other.client.auth.session.query()).toBeNull();
    expect(await client.auth.session.query()).not.toBeNull();
    expect(await bystander.client.auth.session.query()).not.toBeNull();
  });

  // ASVS 8.2.2
  test('of other people are "not found", as are those that never were', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const victim = await signUp(server);
    const [theirs] = await victim.client.sessions.list.query();
    for (const id of [theirs?.id ?? '', '0b0e7bd1-7d2e-4c4b-9a53-5d9f5f0f8a11']) {
      expect(await catchRefusal(client.sessions.revoke.mutate({ id })), id).toMatchObject({
        httpStatus: 404,
        reason: 'not-found',
      });
    }
    expect(await victim.client.auth.session.query()).not.toBeNull();
  });

  test('may be this one: that is a log-out', async () => {
    await using server = await startTestServer(dialect);
    const { browser, client } = await signUp(server);
    const [own] = await client.sessions.list.query();
    await client.sessions.revoke.mutate({ id: own?.id ?? '' });
    expect([...browser.cookies.keys()]).toEqual(['device', 'seen']);
  });
});
