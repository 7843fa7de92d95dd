import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';
import { purgeOldActivities } from './purge-activities.ts';

describe.each(dialects)('the security log of a person on %s', (dialect) => {
  test('is gone with a person who is deleted meanwhile, and that is no fault', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { Activity, User } = server.database;
    const create = Activity.create.bind(Activity);
    vi.spyOn(Activity, 'create').mockImplementationOnce(async (...args: unknown[]) => {
      await User.destroy({ where: { id: user.id } });
      return create(...(args as Parameters<typeof create>));
    });
    await client.account.update.mutate({ name: 'Zoë' });
    expect(await Activity.count()).toBe(0);
  });

  test('has what happened, newest first, and from where', async () => {
    await using server = await startTestServer(dialect);
    const { person, browser, client } = await signUp(server);
    const stranger = server.openBrowser();
    const { email: identifier, password } = person;
    await catchRefusal(
      createClient(stranger).auth.login.mutate({ identifier, password: 'not this one' }),
    );
    await vi.waitFor(async () => expect(await server.database.Activity.count()).toBe(2));
    await client.auth.logout.mutate();
    await client.auth.login.mutate({ identifier, password });
    await client.account.update.mutate({ name: 'Zoë' });
    const list = await client.activity.list.query();
    expect(list.map(({ event, address }) => [event, address])).toEqual([
      ['profile-changed', browser.address],
      ['logged-in', browser.address],
      ['logged-out', browser.address],
      ['login-failed', stranger.address],
      ['registered', browser.address],
    ]);
    expect(Object.keys(list[0] ?? {}).sort()).toEqual(
      ['address', 'at', 'description', 'device', 'event', 'id'].sort(),
    );
    expect(list[0]).toMatchObject({
      description: 'Profile changed',
      device: 'An unknown device',
    });
    expect(new Date(list[0]?.at ?? '').toISOString()).toBe(list[0]?.at);
  });

  test('is the person’s own', async () => {
    await using server = await startTestServer(dialect);
    await signUp(server);
    const { client } = await signUp(server);
    expect(await client.activity.list.query()).toHaveLength(1);
    expect(
      await catchRefusal(createClient(server.openBrowser()).activity.list.query()),
    ).toMatchObject({ httpStatus: 401, reason: 'sign-in-required' });
  });

  test('shows its newest 50 lines', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const line = { userId: user.id, event: 'logged-in', createdAt: new Date(Date.now() - 60_000) };
    await server.database.Activity.bulkCreate(Array.from({ length: 60 }, () => line));
    const list = await client.activity.list.query();
    expect([list.length, list[0]?.event]).toEqual([50, 'registered']);
  });

  // ASVS 14.2.7
  test('keeps a line for a year', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const now = Date.now();
    const daysAgo = (days: number) => new Date(now - days * 86_400_000);
    await server.database.Activity.bulkCreate(
      [364, 366].map((days) => ({
        userId: user.id,
        event: 'logged-in',
        createdAt: daysAgo(days),
      })),
    );
    expect(await purgeOldActivities(server.database)).toBe(1);
    expect((await client.activity.list.query()).map(({ at }) => at)).toContain(
      daysAgo(364).toISOString(),
    );
    expect(await server.database.Activity.count()).toBe(2);
  });

  test('keeps no more lines of one person than anybody reads, and comes in pages', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const other = await signUp(server);
    const at = (index: number) => new Date(Date.now() - (index + 1) * 60_000);
    await server.database.Activity.bulkCreate(
      Array.from({ length: 20 }, (_, index) => {
        return { userId: user.id, event: 'logged-in', createdAt: at(Math.floor(index / 2)) };
      }),
    );
    const all = (await client.activity.list.query()).map(({ id }) => id);
    const first = (await client.activity.list.query({ limit: 8 })).map(({ id }) => id);
    const cursor = first.at(-1);
    const second = (await client.activity.list.query({ limit: 8, cursor })).map(({ id }) => id);
    expect([...first, ...second]).toEqual(all.slice(0, 16));
    const foreign = (await other.client.activity.list.query())[0]?.id;
    expect(await client.activity.list.query({ cursor: foreign })).toEqual([]);
    expect(await purgeOldActivities(server.database, {}, 11)).toBe(10);
    expect((await client.activity.list.query()).map(({ id }) => id)).toEqual(all.slice(0, 11));
    expect(await other.client.activity.list.query()).toHaveLength(1);
  });
});

test('A stranger’s answer does not wait for the log, and a log that fails does no harm', async () => {
  await using server = await startTestServer('sqlite');
  const { person } = await signUp(server);
  const writing = Promise.withResolvers<never>();
  vi.spyOn(server.database.Activity, 'create').mockReturnValueOnce(writing.promise);
  const client = createClient(server.openBrowser());
  const failing = client.auth.login.mutate({ identifier: person.email, password: 'wrong' });
  expect(await catchRefusal(failing)).toMatchObject({ httpStatus: 401 });
  writing.reject(new Error('no disk'));
  await vi.waitFor(() => {
    expect(server.logLines.join('')).toContain('A line of a security log could not be written.');
  });
});
