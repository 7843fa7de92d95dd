import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { addPasskey, openDevice, proveWith } from '../testing/passkey-device.ts';
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

const passMinutes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

const originOf = ({ deps }: TestServer) => deps.settings.publicOrigin;

/** Somebody with a passkey whose last proof is too old. */
async function comeBack(server: TestServer, { checksUser = true } = {}) {
  const signedUp = await signUp(server);
  const device = openDevice(originOf(server), { checksUser });
  await addPasskey(signedUp.client, device);
  passMinutes(6);
  return { ...signedUp, device };
}

describe.each(dialects)('a passkey as a fresh proof on %s', (dialect) => {
  // ASVS 7.2.4, 7.5.1
  test('opens what is sensitive, and renews the token of the session', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, device } = await comeBack(server);
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({
      httpStatus: 403,
      reason: 'code-required',
      secondFactor: ['passkey', 'recovery-code'],
    });
    const former = browser.cookies.get('session') ?? '';
    const options = await client.passkeys.startProof.mutate();
    expect(options).toMatchObject({
      userVerification: 'required',
      allowCredentials: [{ id: device.id }],
    });
    const response = device.sign(options);
    expect(await client.passkeys.finishProof.mutate({ response })).toEqual({});
    expect(browser.cookies.get('session')).not.toBe(former);
    const thief = server.openBrowser();
    thief.cookies.set('session', former);
    expect(await createClient(thief).auth.session.query()).toBeNull();
    await client.account.export.mutate();
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('passkey-confirmed');
    passMinutes(6);
    expect(await catchRefusal(client.passkeys.finishProof.mutate({ response }))).toMatchObject({
      httpStatus: 400,
      reason: 'wrong-passkey',
    });
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({ httpStatus: 403 });
  });

  test('is of the person, and for a challenge of this session', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, device } = await comeBack(server);
    const other = await comeBack(server);
    const options = await client.passkeys.startProof.mutate();
    const ofOther = { response: other.device.sign(options) };
    const wrong = { httpStatus: 400, reason: 'wrong-passkey' };
    expect(await catchRefusal(client.passkeys.finishProof.mutate(ofOther))).toMatchObject(wrong);
    // The wrong answer has used it up.
    const late = { response: device.sign(options) };
    expect(await catchRefusal(client.passkeys.finishProof.mutate(late))).toMatchObject(wrong);

    const elsewhere = createClient(server.openBrowser());
    const { email: identifier, password } = person;
    await elsewhere.auth.login.mutate({ identifier, password });
    const login = await elsewhere.passkeys.startLogin.mutate();
    await elsewhere.passkeys.finishLogin.mutate({ response: device.sign(login) });
    passMinutes(6);
    const there = { response: device.sign(await elsewhere.passkeys.startProof.mutate()) };
    expect(await catchRefusal(client.passkeys.finishProof.mutate(there))).toMatchObject(wrong);
    const atLogin = { response: device.sign(await client.passkeys.startLogin.mutate()) };
    expect(await catchRefusal(client.passkeys.finishProof.mutate(atLogin))).toMatchObject(wrong);
    const proof = { response: device.sign(await client.passkeys.startProof.mutate()) };
    expect(await catchRefusal(elsewhere.passkeys.finishLogin.mutate(proof))).toMatchObject({
      reason: 'wrong-passkey',
    });
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({ httpStatus: 403 });
  });

  test('waits ten minutes for its answer', async () => {
    await using server = await startTestServer(dialect);
    const { client, device } = await comeBack(server);
    const response = device.sign(await client.passkeys.startProof.mutate());
    passMinutes(10);
    expect(await catchRefusal(client.passkeys.finishProof.mutate({ response }))).toMatchObject({
      reason: 'wrong-passkey',
    });
  });

  test('checks who uses it, unless the password was given just now', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, device } = await comeBack(server, { checksUser: false });
    expect(await catchRefusal(proveWith(client, device))).toMatchObject({
      httpStatus: 400,
      reason: 'passkey-unverified',
    });
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({ httpStatus: 403 });
    await client.sessions.revokeOthers.mutate({ currentPassword: person.password });
    expect(await client.passkeys.startProof.mutate()).toMatchObject({
      userVerification: 'preferred',
    });
    await proveWith(client, device);
  });

  test('is refused where its counter went back', async () => {
    await using server = await startTestServer(dialect);
    const { client, device } = await comeBack(server);
    device.setCounter(7);
    await proveWith(client, device);
    expect(await catchRefusal(proveWith(client, device))).toMatchObject({
      httpStatus: 400,
      reason: 'wrong-passkey',
    });
  });

  test('is guessed no faster than a password, and noted', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, device } = await comeBack(server);
    const stranger = openDevice(originOf(server));
    for (let count = 0; count < 5; count += 1) {
      expect(await catchRefusal(proveWith(client, stranger))).toMatchObject({ httpStatus: 400 });
    }
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('passkey-failed');
    const { password: currentPassword } = person;
    const wait = { httpStatus: 429, reason: 'too-many-attempts', retryAfterSeconds: 30 };
    expect(await catchRefusal(proveWith(client, device))).toMatchObject(wait);
    expect(await catchRefusal(client.account.export.mutate({ currentPassword }))).toMatchObject(
      wait,
    );
  });

  test('is asked for only where there is one, and of somebody who is signed in', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    expect(await catchRefusal(client.passkeys.startProof.mutate())).toMatchObject({
      httpStatus: 404,
    });
    const visitor = createClient(server.openBrowser());
    expect(await catchRefusal(visitor.passkeys.startProof.mutate())).toMatchObject({
      httpStatus: 401,
    });
  });
});

// ASVS 6.5.1
test.each(dialects)('A recovery code is a proof once, on %s', async (dialect) => {
  await using server = await startTestServer(dialect);
  const { client } = await signUp(server);
  const { recoveryCodes } = await setUpApp(client);
  passMinutes(6);
  const [code = ''] = recoveryCodes;
  await client.account.export.mutate({ currentPassword: code.toUpperCase() });
  const events = (await client.activity.list.query()).map(({ event }) => event);
  expect(events).toContain('recovery-code-confirmed');
  expect((await client.factors.status.query()).recoveryCodesLeft).toBe(9);
  const again = client.account.export.mutate({ currentPassword: code });
  expect(await catchRefusal(again)).toMatchObject({ reason: 'wrong-password' });
});
