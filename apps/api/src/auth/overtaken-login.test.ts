import { dialects } from '@latchkey/db/testing';
import { QueryTypes } from 'sequelize';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { setDisabled } from '../acts/change-person.ts';
import { findPerson } from '../admin/find-person.ts';
import { demandResetLink } from '../admin/reset-link.ts';
import { parsePhcString } from '../passwords/phc-string.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

const newPassword = 'another quiet lantern';

afterEach(() => {
  vi.restoreAllMocks();
});

function createGate() {
  const arrival = Promise.withResolvers<undefined>();
  const opening = Promise.withResolvers<undefined>();
  return {
    /** Resolves when somebody waits. */
    arrival: arrival.promise,
    wait: () => {
      arrival.resolve(undefined);
      return opening.promise;
    },
    open: () => opening.resolve(undefined),
  };
}

/** Keeps the next password back once it was looked at. */
function holdVerification({ deps: { passwords } }: TestServer) {
  const gate = createGate();
  const verify = passwords.verify.bind(passwords);
  vi.spyOn(passwords, 'verify').mockImplementationOnce(async (...args) => {
    const verification = await verify(...args);
    await gate.wait();
    return verification;
  });
  return gate;
}

type SignedUp = Awaited<ReturnType<typeof signUp>>;

const disable = async ({ deps }: TestServer, email: string) =>
  setDisabled(deps, await findPerson(deps.database, email), true);

const overtakings: [string, (server: TestServer, signedUp: SignedUp) => Promise<unknown>][] = [
  [
    'a new password',
    (_server, { client, person: { password: currentPassword } }) =>
      client.account.changePassword.mutate({ currentPassword, newPassword }),
  ],
  [
    'a reset',
    async (server, { person }) => {
      const { deps } = server;
      const user = await findPerson(deps.database, person.email);
      const { token } = await demandResetLink(deps, user);
      await createClient(server.openBrowser()).auth.resetPassword.mutate({ token, newPassword });
    },
  ],
  ['a disabling', (server, { person }) => disable(server, person.email)],
  [
    'a deletion',
    (_server, { client, person: { email } }) => client.account.delete.mutate({ email }),
  ],
];

describe.each(dialects)('on %s', (dialect) => {
  test.each(overtakings)('a log-in that %s overtakes signs nobody in', async (_name, overtake) => {
    await using server = await startTestServer(dialect);
    const signedUp = await signUp(server);
    const { email: identifier, password } = signedUp.person;
    const gate = holdVerification(server);
    const browser = server.openBrowser();
    const login = postTrpc(browser, 'auth.login', { identifier, password });
    await gate.arrival;
    await overtake(server, signedUp);
    const sessions = await server.database.Session.count();
    gate.open();
    const answer = await login;
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    expect(await answer.json()).toMatchObject({
      error: { data: { reason: 'invalid-credentials' } },
    });
    expect(await server.database.Session.count()).toBe(sessions);
  });

  test('a log-in that failed so leaves the session of its browser alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, person } = await signUp(server);
    const { email: identifier, password: currentPassword } = person;
    const other = createClient(server.openBrowser());
    await other.auth.login.mutate({ identifier, password: currentPassword });
    const gate = holdVerification(server);
    const login = postTrpc(browser, 'auth.login', { identifier, password: currentPassword });
    await gate.arrival;
    await client.account.changePassword.mutate({ currentPassword, newPassword });
    gate.open();
    expect((await login).status).toBe(401);
    expect(await client.auth.session.query()).not.toBeNull();
  });

  test('a registration that the operator overtakes signs nobody in', async () => {
    await using server = await startTestServer(dialect);
    const { sequelize, Session } = server.database;
    const person = makePerson();
    // The first transaction makes the account, and the session comes after it.
    const transact = sequelize.transaction.bind(sequelize);
    const gate = createGate();
    vi.spyOn(sequelize, 'transaction').mockImplementationOnce(async (...args: unknown[]) => {
      const made = await transact(...(args as Parameters<typeof transact>));
      await gate.wait();
      return made;
    });
    const registration = postTrpc(server.openBrowser(), 'auth.register', person);
    await gate.arrival;
    await disable(server, person.email);
    gate.open();
    expect((await registration).status).toBe(401);
    expect(await Session.count()).toBe(0);
  });

  test('a new password waits for a session that is being started, and ends it', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    const { Session, sequelize } = server.database;
    const { email: identifier, password: currentPassword } = person;
    const create = Session.create.bind(Session);
    const gate = createGate();
    vi.spyOn(Session, 'create').mockImplementationOnce(async (...args: unknown[]) => {
      await gate.wait();
      return create(...(args as Parameters<typeof create>));
    });
    const browser = server.openBrowser();
    const login = postTrpc(browser, 'auth.login', { identifier, password: currentPassword });
    await gate.arrival;
    let isChanged = false;
    const change = client.account.changePassword
      .mutate({ currentPassword, newPassword })
      .finally(() => (isChanged = true));
    const isWaiting = async () => {
      // On SQLite it waits in this process, for the turn to write.
      if (dialect === 'sqlite') return true;
      const sql = 'SELECT 1 FROM pg_locks WHERE NOT granted';
      return (await sequelize.query(sql, { type: QueryTypes.SELECT })).length > 0;
    };
    await vi.waitFor(async () => expect(isChanged || (await isWaiting())).toBe(true), 10_000);
    const isEarly = isChanged;
    gate.open();
    expect(isEarly).toBe(false);
    expect((await login).status).toBe(200);
    await change;
    expect(await createClient(browser).auth.session.query()).toBeNull();
    expect(await Session.count()).toBe(1);
  });

  test('log-ins at the same moment, each of which would strengthen the hash, all succeed', async () => {
    await using former = await startTestServer(dialect);
    const { person, user } = await signUp(former);
    const database = former.database;
    await using raised = await startTestServer(
      dialect,
      { PASSWORD_SCRYPT_LOG2N: '11' },
      { database },
    );
    const gate = holdVerification(raised);
    const { email: identifier, password } = person;
    const logIn = () => postTrpc(raised.openBrowser(), 'auth.login', { identifier, password });
    const held = logIn();
    await gate.arrival;
    const others = await Promise.all([logIn(), logIn(), logIn()]);
    gate.open();
    for (const { status } of [await held, ...others]) expect(status).toBe(200);
    const { passwordHash } = await database.User.findByPk(user.id, { rejectOnEmpty: true });
    expect(parsePhcString(passwordHash)?.cost.log2N).toBe(11);
    expect(await database.Session.count()).toBe(5);
  });
});
