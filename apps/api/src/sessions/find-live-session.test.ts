import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import { findLiveSession } from './find-live-session.ts';

const MANY = 450;

describe.each(dialects)('looking sessions up on %s', (dialect) => {
  test('asks few questions for many at once, and answers each for itself', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const known = await Promise.all([signUp(server), signUp(server)]);
    const tokens = known.map(({ browser }) => browser.cookies.get('session') ?? '');
    const asked = Array.from(
      { length: MANY },
      (_, index) => tokens[index % 3] ?? `unknown-${index}`,
    );
    const query = vi.spyOn(database.sequelize, 'query');
    const found = await Promise.all(asked.map((token) => findLiveSession(database, token)));
    const owners = found.map((live) => live?.user.email);
    expect(owners).toEqual(asked.map((_, index) => known[index % 3]?.person.email));
    expect(query.mock.calls.length).toBeLessThanOrEqual(5);
    const sessions = found.flatMap((live) => live?.session ?? []);
    expect(new Set(sessions).size).toBe(sessions.length);
  });

  test('goes on after one that failed', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const { browser, person } = await signUp(server);
    const token = browser.cookies.get('session') ?? '';
    const query = vi.spyOn(database.sequelize, 'query');
    for (let round = 0; round < 6; round += 1) {
      query.mockRejectedValueOnce(new Error('This one fails.'));
      await expect(findLiveSession(database, token)).rejects.toThrow('This one fails.');
    }
    const live = await findLiveSession(database, token);
    expect(live?.user.email).toBe(person.email);
  });
});
