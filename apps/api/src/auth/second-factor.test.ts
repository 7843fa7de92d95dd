import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';
import { purgePendingLogins } from '../second-factors/pending-login.ts';
import { purgeRememberedBrowsers } from '../second-factors/remembered-browser.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

/** Somebody with an authenticator app, and a browser of theirs where the password was given. */
async function giveRightPassword(server: TestServer, staySignedIn = false) {
  const signedUp = await signUp(server);
  const app = await setUpApp(signedUp.client);
  const { email: identifier, password } = signedUp.person;
  const login = { identifier, password, staySignedIn };
  const browser = server.openBrowser();
  const client = createClient(browser);
  await client.auth.login.mutate(login);
  return { ...signedUp, app, login, home: signedUp.client, browser, client };
}

describe.each(dialects)('a second factor on %s', (dialect) => {
  // ASVS 6.3.3
  test('signs in with a code, and not without', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, app, user, home } = await giveRightPassword(server);
    expect(browser.cookies.has('session')).toBe(false);
    expect(await client.auth.session.query()).toBeNull();
    expect((await browser.visit('/secrets')).status).toBe(302);
    expect(await client.auth.secondFactor.mutate({ code: ` ${app.showCode()} ` })).toEqual({
      user,
    });
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
    const events = (await home.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('logged-in');
    expect(await server.database.PendingLogin.count()).toBe(0);
  });

  test.each([
    [false, undefined, false],
    [true, undefined, true],
    [true, false, false],
    [false, true, true],
  ])('chosen %s with the password and %s with the code stays: %s', async (first, second, stays) => {
    await using server = await startTestServer(dialect);
    const { client, app } = await giveRightPassword(server, first);
    await client.auth.secondFactor.mutate({ code: app.showCode(), staySignedIn: second });
    expect((await client.auth.session.query())?.session.staySignedIn).toBe(stays);
  });

  // ASVS 6.5.1
  test('takes each code once, also of two at once', async () => {
    await using server = await startTestServer(dialect);
    const { client, app, login } = await giveRightPassword(server);
    const other = createClient(server.openBrowser());
    await other.auth.login.mutate(login);
    const code = app.showCode();
    const outcomes = await Promise.allSettled([
      client.auth.secondFactor.mutate({ code }),
      other.auth.secondFactor.mutate({ code }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const third = createClient(server.openBrowser());
    await third.auth.login.mutate(login);
    for (const used of [code, app.showCode(-1)]) {
      expect(
        await catchRefusal(third.auth.secondFactor.mutate({ code: used })),
        used,
      ).toMatchObject({
        httpStatus: 401,
        reason: 'wrong-code',
      });
    }
    await third.auth.secondFactor.mutate({ code: app.showCode(1) });
  });

  // ASVS 6.5.1
  test('takes each recovery code once, as it was written or copied', async () => {
    await using server = await startTestServer(dialect);
    const { client, app, home, login } = await giveRightPassword(server);
    const [one = '', two = ''] = app.recoveryCodes;
    await client.auth.secondFactor.mutate({ code: one.toUpperCase().replaceAll('-', ' ') });
    expect(await home.factors.status.query()).toMatchObject({ recoveryCodesLeft: 9 });
    const events = (await home.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('recovery-code-used');
    const again = createClient(server.openBrowser());
    await again.auth.login.mutate(login);
    expect(await catchRefusal(again.auth.secondFactor.mutate({ code: one }))).toMatchObject({
      reason: 'wrong-code',
    });
    await again.auth.secondFactor.mutate({ code: two });
  });

  test('is no longer taken from former recovery codes', async () => {
    await using server = await startTestServer(dialect);
    const { client, app, home } = await giveRightPassword(server);
    const { recoveryCodes } = await home.factors.renewRecoveryCodes.mutate();
    const [former = ''] = app.recoveryCodes;
    const [latest = ''] = recoveryCodes;
    expect(await catchRefusal(client.auth.secondFactor.mutate({ code: former }))).toMatchObject({
      reason: 'wrong-code',
    });
    await client.auth.secondFactor.mutate({ code: latest });
  });

  // ASVS 6.6.2
  test('of one person is none of another', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await giveRightPassword(server);
    const other = await giveRightPassword(server);
    for (const code of [other.app.showCode(), other.app.recoveryCodes[0] ?? '']) {
      expect(await catchRefusal(client.auth.secondFactor.mutate({ code })), code).toMatchObject({
        reason: 'wrong-code',
      });
    }
  });

  // ASVS 6.5.5, 6.6.2
  test('comes too late after ten minutes, or once the password was changed', async () => {
    await using server = await startTestServer(dialect);
    const { client, app, home, login } = await giveRightPassword(server);
    const late = { httpStatus: 401, reason: 'second-step-over' };
    passSeconds(600);
    expect(
      await catchRefusal(client.auth.secondFactor.mutate({ code: app.showCode() })),
    ).toMatchObject(late);
    expect(await purgePendingLogins(server.database)).toBe(1);
    await client.auth.login.mutate(login);
    const newPassword = 'another quiet lantern';
    await home.account.changePassword.mutate({ currentPassword: login.password, newPassword });
    expect(
      await catchRefusal(client.auth.secondFactor.mutate({ code: app.showCode() })),
    ).toMatchObject(late);
    const stranger = createClient(server.openBrowser());
    expect(
      await catchRefusal(stranger.auth.secondFactor.mutate({ code: app.showCode() })),
    ).toMatchObject(late);
  });

  // ASVS 6.6.3
  test('is guessed no faster than a password, over fresh log-ins and all browsers', async () => {
    await using server = await startTestServer(dialect);
    const { app, login } = await giveRightPassword(server);
    const guess = async () => {
      const client = createClient(server.openBrowser());
      await client.auth.login.mutate(login);
      return catchRefusal(client.auth.secondFactor.mutate({ code: '000000' }));
    };
    for (let count = 0; count < 5; count += 1) {
      expect(await guess(), String(count)).toMatchObject({ reason: 'wrong-code' });
    }
    expect(await guess()).toMatchObject({ httpStatus: 429, retryAfterSeconds: 30 });
    const right = createClient(server.openBrowser());
    await right.auth.login.mutate(login);
    const call = () => right.auth.secondFactor.mutate({ code: app.showCode() });
    expect(await catchRefusal(call())).toMatchObject({ httpStatus: 429 });
    passSeconds(31);
    await call();
  });

  test('guessed by a stranger is in nobody’s way who logged in there before', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, app, login } = await giveRightPassword(server);
    await client.auth.secondFactor.mutate({ code: app.showCode() });
    await client.auth.logout.mutate();
    const stranger = createClient(server.openBrowser());
    await stranger.auth.login.mutate(login);
    for (let count = 0; count < 6; count += 1) {
      await catchRefusal(stranger.auth.secondFactor.mutate({ code: '000000' }));
    }
    await createClient(browser).auth.login.mutate(login);
    await client.auth.secondFactor.mutate({ code: app.showCode(1) });
  });

  // ASVS 6.4.3
  test('is asked for after a new password by a link', async () => {
    await using server = await startTestServer(dialect);
    const { user, login, app, client } = await giveRightPassword(server);
    const { createPasswordReset } = await import('../password-resets/password-reset.ts');
    const { token } = await server.database.sequelize.transaction((transaction) =>
      createPasswordReset(server.database, user.id, 3600, transaction),
    );
    const newPassword = 'another quiet lantern';
    await client.auth.resetPassword.mutate({ token, newPassword });
    expect(await client.auth.login.mutate({ ...login, password: newPassword })).toEqual({
      secondFactor: ['authenticator', 'recovery-code'],
    });
    await client.auth.secondFactor.mutate({ code: app.showCode() });
  });

  test('leaves who is signed in in this browser signed in until it is shown', async () => {
    await using server = await startTestServer(dialect);
    const { login, app } = await giveRightPassword(server);
    const { client, user } = await signUp(server);
    await client.auth.login.mutate(login);
    expect((await client.auth.session.query())?.user.id).toBe(user.id);
    await client.auth.secondFactor.mutate({ code: app.showCode() });
    expect((await client.auth.session.query())?.user.email).toBe(login.identifier);
  });
});

describe.each(dialects)('a remembered browser on %s', (dialect) => {
  /** Somebody whose browser was remembered, logged out there. */
  async function remember(server: TestServer) {
    const made = await giveRightPassword(server);
    const { client, app } = made;
    await client.auth.secondFactor.mutate({ code: app.showCode(), rememberBrowser: true });
    await client.auth.logout.mutate();
    return made;
  }
  const asks = async (
    client: ReturnType<typeof createClient>,
    login: Parameters<typeof client.auth.login.mutate>[0],
  ) => (await client.auth.login.mutate(login)).secondFactor !== undefined;

  test('is asked for no code for 30 days, and others are', async () => {
    await using server = await startTestServer(dialect);
    const { client, login } = await remember(server);
    expect(await asks(client, login)).toBe(false);
    expect(await asks(createClient(server.openBrowser()), login)).toBe(true);
    passSeconds(30 * 86_400);
    expect(await asks(client, login)).toBe(true);
    expect(await purgeRememberedBrowsers(server.database)).toBe(1);
  });

  test('of one person is none of another', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await remember(server);
    const other = await giveRightPassword(server);
    expect(await asks(client, other.login)).toBe(true);
  });

  test('is forgotten with its session, and not with another', async () => {
    await using server = await startTestServer(dialect);
    const { client, home, app, login } = await remember(server);
    const another = createClient(server.openBrowser());
    await another.auth.login.mutate(login);
    await another.auth.secondFactor.mutate({ code: app.showCode(1) });
    for (const [ended, isAsked] of [
      [another, false],
      [client, true],
    ] as const) {
      expect(await asks(client, login)).toBe(false);
      const id = (await ended.auth.session.query())?.session.id ?? '';
      await home.sessions.revoke.mutate({ id });
      expect(await asks(client, login)).toBe(isAsked);
    }
  });

  test.each([
    [
      'all other sessions end',
      async (home: ReturnType<typeof createClient>) => home.sessions.revokeOthers.mutate(),
    ],
    [
      'the password is changed',
      async (home: ReturnType<typeof createClient>, currentPassword: string) =>
        home.account.changePassword.mutate({
          currentPassword,
          newPassword: currentPassword,
        }),
    ],
    [
      'the authenticator goes',
      async (home: ReturnType<typeof createClient>) => {
        await home.factors.removeAuthenticator.mutate();
        await setUpApp(home);
      },
    ],
  ])('is forgotten when %s', async (_when, act) => {
    await using server = await startTestServer(dialect);
    const { client, home, login } = await remember(server);
    expect(await asks(client, login)).toBe(false);
    await act(home, login.password);
    expect(await asks(client, login)).toBe(true);
  });
});
