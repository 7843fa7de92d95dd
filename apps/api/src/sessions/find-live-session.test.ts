import { dialects } from '@latchkey/db/testing';
import { DataTypes } from 'sequelize';
import { describe, expect, test, vi } from 'vitest';
import { signUp } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import { findLiveSession } from './find-live-session.ts';

const MANY = 450;

/** What the types of Sequelize leave out. */
const refreshAttributes = (model: object) =>
  (model as { refreshAttributes: () => void }).refreshAttributes();

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

  test('finds what the models find, in columns of every type that a site may add', async () => {
    await using server = await startTestServer(dialect);
    const { database } = server;
    const { browser, user } = await signUp(server);
    const added = {
      company: { type: DataTypes.STRING, value: 'Löwe "& Söhne"' },
      photo: { type: DataTypes.BLOB, value: Buffer.from([0, 255, 34]) },
      empty: { type: DataTypes.BLOB, value: null },
      isNice: { type: DataTypes.BOOLEAN, value: true },
      isUnasked: { type: DataTypes.BOOLEAN, value: null },
      birthday: { type: DataTypes.DATEONLY, value: '2001-02-03' },
      seenAt: { type: DataTypes.DATE, value: new Date('2026-11-26T12:34:56.789Z') },
      points: { type: DataTypes.BIGINT, value: 9_007_199_254_740_991n },
      price: { type: DataTypes.DECIMAL(10, 2), value: 12.5 },
      height: { type: DataTypes.DOUBLE, value: 1.75 },
      colours: { type: DataTypes.JSON, value: { wall: ['green'] } },
    };
    for (const [name, { type }] of Object.entries(added)) {
      await database.sequelize.getQueryInterface().addColumn('users', name, { type });
      Object.assign(database.User.getAttributes(), { [name]: { type, field: name } });
    }
    refreshAttributes(database.User);
    const values = Object.entries(added).map(([name, { value }]) => [name, value] as const);
    await database.User.update(Object.fromEntries(values), { where: { id: user.id } });
    const live = await findLiveSession(database, browser.cookies.get('session') ?? '');
    const person = await database.User.findByPk(user.id, { rejectOnEmpty: true });
    const session = await database.Session.findOne({ rejectOnEmpty: true });
    expect(live).toEqual({ user: person.get(), session: session.get() });
    expect(live?.user).toMatchObject({ company: 'Löwe "& Söhne"', isNice: true, empty: null });
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
