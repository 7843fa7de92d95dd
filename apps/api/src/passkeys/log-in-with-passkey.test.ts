import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { purgePasskeyChallenges } from '../second-factors/passkey-challenge.ts';
import { addPasskey, openDevice, usePasskey } from '../testing/passkey-device.ts';
import { signUp } from '../testing/people.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

const refused = { httpStatus: 401, reason: 'wrong-passkey' };

/** Somebody with a passkey, and another browser, where nobody is signed in. */
async function signUpWithPasskey(server: TestServer, { checksUser = true } = {}) {
  const signedUp = await signUp(server);
  const device = openDevice(server.deps.settings.publicOrigin, { checksUser });
  await addPasskey(signedUp.client, device);
  const browser = server.openBrowser();
  const client = createClient(browser);
  const { email: identifier, password } = signedUp.person;
  return {
    ...signedUp,
    home: signedUp.client,
    device,
    browser,
    client,
    login: { identifier, password },
  };
}

const countEvents = async ({ database }: TestServer, event: string) =>
  database.Activity.count({ where: { event } });

describe.each(dialects)('a passkey on %s', (dialect) => {
  // ASVS 6.1.3
  test('that checks its person logs in alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, home, device, user } = await signUpWithPasskey(server);
    const options = await client.passkeys.startLogin.mutate();
    expect(options).toMatchObject({ userVerification: 'required' });
    expect(options.allowCredentials).toBeUndefined();
    const response = device.sign(options);
    expect(await client.passkeys.finishLogin.mutate({ response, staySignedIn: true })).toEqual({
      user,
    });
    expect((await client.auth.session.query())?.session.staySignedIn).toBe(true);
    const { passkeys } = await home.factors.status.query();
    expect(passkeys).toMatchObject([{ lastUsedAt: new Date().toISOString() }]);
    expect(await countEvents(server, 'passkey-used')).toBe(1);
  });

  test('that checks nobody logs in after the password, and not alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, device, user, login } = await signUpWithPasskey(server, {
      checksUser: false,
    });
    expect(await catchRefusal(usePasskey(client, device))).toMatchObject({
      httpStatus: 401,
      reason: 'passkey-unverified',
    });
    expect(browser.cookies.has('session')).toBe(false);
    expect(await client.auth.login.mutate({ ...login, staySignedIn: true })).toEqual({
      secondFactor: ['passkey', 'recovery-code'],
    });
    expect(browser.cookies.has('session')).toBe(false);
    const options = await client.passkeys.startLogin.mutate();
    expect(options).toMatchObject({
      userVerification: 'preferred',
      allowCredentials: [{ id: device.id }],
    });
    const alone = await client.passkeys.startLogin.mutate({ alone: true });
    expect(alone.allowCredentials).toBeUndefined();
    const response = device.sign(options);
    expect(await client.passkeys.finishLogin.mutate({ response })).toEqual({ user });
    expect((await client.auth.session.query())?.session.staySignedIn).toBe(true);
    expect(await server.database.PendingLogin.count()).toBe(0);
  });

  test('as second step is not asked for again in a browser that is remembered', async () => {
    await using server = await startTestServer(dialect);
    const { client, home, device, user, login } = await signUpWithPasskey(server);
    await client.auth.login.mutate(login);
    await usePasskey(client, device, { rememberBrowser: true });
    await client.auth.logout.mutate();
    expect(await client.auth.login.mutate(login)).toEqual({ user });
    await home.passkeys.remove.mutate({ id: device.id });
    expect(await server.database.RememberedBrowser.count()).toBe(0);
    expect(await createClient(server.openBrowser()).auth.login.mutate(login)).toEqual({ user });
  });

  // ASVS 6.7.2
  test('answers each challenge once, in the browser that asked, in ten minutes', async () => {
    await using server = await startTestServer(dialect);
    const { client, device } = await signUpWithPasskey(server);
    const response = device.sign(await client.passkeys.startLogin.mutate());
    const thief = createClient(server.openBrowser());
    await thief.passkeys.startLogin.mutate();
    expect(await catchRefusal(thief.passkeys.finishLogin.mutate({ response }))).toMatchObject(
      refused,
    );
    await client.passkeys.finishLogin.mutate({ response });
    await client.auth.logout.mutate();
    expect(await catchRefusal(client.passkeys.finishLogin.mutate({ response }))).toMatchObject(
      refused,
    );
    const late = device.sign(await client.passkeys.startLogin.mutate());
    vi.setSystemTime(Date.now() + 10 * 60_000);
    expect(
      await catchRefusal(client.passkeys.finishLogin.mutate({ response: late })),
    ).toMatchObject(refused);
    expect(await server.database.PasskeyChallenge.count()).toBeGreaterThan(0);
    await purgePasskeyChallenges(server.database);
    expect(await server.database.PasskeyChallenge.count()).toBe(0);
    expect(await countEvents(server, 'passkey-failed')).toBe(3);
  });

  test('takes no challenge of the other kind', async () => {
    await using server = await startTestServer(dialect);
    const { client, home, device } = await signUpWithPasskey(server);
    const { challenge } = await home.passkeys.startRegistration.mutate();
    const response = device.sign({ challenge });
    expect(await catchRefusal(home.passkeys.finishLogin.mutate({ response }))).toMatchObject(
      refused,
    );
    await usePasskey(client, device);
  });

  test('of another site, unknown, removed or of a disabled person is refused alike', async () => {
    await using server = await startTestServer(dialect);
    const { client, home, device, user } = await signUpWithPasskey(server);
    const options = await client.passkeys.startLogin.mutate();
    const atEvil = {
      ...openDevice('https://evil.example').sign(options),
      id: device.id,
      rawId: device.id,
    };
    expect(
      await catchRefusal(client.passkeys.finishLogin.mutate({ response: atEvil })),
    ).toMatchObject(refused);
    const unknown = openDevice(server.deps.settings.publicOrigin);
    const of = (data: object) => JSON.stringify(data);
    const answer = of(await catchRefusal(usePasskey(client, unknown)));
    expect(JSON.parse(answer)).toMatchObject(refused);
    const forged = {
      ...unknown.sign(await client.passkeys.startLogin.mutate()),
      id: device.id,
      rawId: device.id,
    };
    expect(of(await catchRefusal(client.passkeys.finishLogin.mutate({ response: forged })))).toBe(
      answer,
    );
    await server.database.User.update({ disabledAt: new Date() }, { where: { id: user.id } });
    expect(of(await catchRefusal(usePasskey(client, device)))).toBe(answer);
    await server.database.User.update({ disabledAt: null }, { where: { id: user.id } });
    await home.passkeys.remove.mutate({ id: device.id });
    expect(of(await catchRefusal(usePasskey(createClient(server.openBrowser()), device)))).toBe(
      answer,
    );
  });

  // ASVS 6.7.1
  test('signed at another origin is refused', async () => {
    await using server = await startTestServer(dialect);
    const { client, home } = await signUpWithPasskey(server);
    const { publicOrigin } = server.deps.settings;
    const device = openDevice(publicOrigin);
    await addPasskey(home, device);
    const response = device.sign(await client.passkeys.startLogin.mutate());
    const clientData = Buffer.from(response.response.clientDataJSON, 'base64url').toString();
    const elsewhere = clientData.replace(publicOrigin, 'https://evil.example');
    response.response.clientDataJSON = Buffer.from(elsewhere).toString('base64url');
    expect(await catchRefusal(client.passkeys.finishLogin.mutate({ response }))).toMatchObject(
      refused,
    );
    expect(server.logLines.join('')).toContain('Unexpected authentication response origin');
  });

  test('whose counter goes back, or stands still, is refused and logged', async () => {
    await using server = await startTestServer(dialect);
    const { client, device } = await signUpWithPasskey(server);
    device.setCounter(7);
    await usePasskey(client, device);
    for (const counter of [7, 3, 0]) {
      device.setCounter(counter);
      expect(await catchRefusal(usePasskey(client, device)), String(counter)).toMatchObject(
        refused,
      );
    }
    expect(server.logLines.filter((line) => line.includes('passkey-went-back'))).toHaveLength(3);
    device.setCounter(8);
    await usePasskey(client, device);
  });

  test('of one person is no second step of another', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, login } = await signUpWithPasskey(server);
    const other = await signUpWithPasskey(server, { checksUser: false });
    await client.auth.login.mutate(login);
    expect(await catchRefusal(usePasskey(client, other.device))).toMatchObject({
      reason: 'passkey-unverified',
    });
    expect(browser.cookies.has('session')).toBe(false);
  });

  test('that fails often has to wait, and a client asks for so many challenges', async () => {
    await using server = await startTestServer(dialect);
    const { client, device, login } = await signUpWithPasskey(server, { checksUser: false });
    for (let count = 0; count < 5; count += 1) {
      expect(await catchRefusal(usePasskey(client, device))).toMatchObject({ httpStatus: 401 });
    }
    expect(await catchRefusal(usePasskey(client, device))).toMatchObject({
      httpStatus: 429,
      reason: 'too-many-attempts',
    });
    // The password is not in its way.
    expect(await client.auth.login.mutate(login)).toHaveProperty('secondFactor');
    for (let count = 6; count < 60; count += 1) await client.passkeys.startLogin.mutate();
    expect(await catchRefusal(client.passkeys.startLogin.mutate())).toMatchObject({
      httpStatus: 429,
    });
  });
});
