import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { createDashboardSite } from '../testing/dashboard-site.ts';
import { addPasskey, openDevice, proveWith } from '../testing/passkey-device.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
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

/** Somebody with an authenticator app whose last proof is too old. */
async function comeBack(server: TestServer) {
  const signedUp = await signUp(server);
  const app = await setUpApp(signedUp.client);
  passMinutes(6);
  const { password: currentPassword } = signedUp.person;
  return { ...signedUp, app, password: { currentPassword } };
}

const refused = { status: 403, reason: 'code-required' };

async function readAnswer(answer: Response) {
  const { error } = (await answer.json()) as { error?: { data: Record<string, unknown> } };
  return { status: answer.status, ...error?.data };
}

/** What gives an account away or ends it. */
const mostSensitive = [
  ['account.changeEmail', () => ({ email: makePerson().email })],
  ['account.export', () => ({})],
  ['account.delete', ({ email }: { email: string }) => ({ email })],
  ['factors.removeAuthenticator', () => ({})],
  ['factors.renewRecoveryCodes', () => ({})],
  ['passkeys.startRegistration', () => ({})],
] as const;

describe.each(dialects)('a full proof on %s', (dialect) => {
  // ASVS 7.5.3
  test.each(mostSensitive)('is more than the password for %s', async (path, makeInput) => {
    await using server = await startTestServer(dialect);
    const { browser, person, app, password } = await comeBack(server);
    const input = makeInput(person);
    const call = async (proof: object) =>
      readAnswer(await postTrpc(browser, path, { ...input, ...proof }));
    expect(await call({})).toMatchObject({
      ...refused,
      secondFactor: ['authenticator', 'recovery-code'],
    });
    expect(await call({ currentPassword: 'not this one' })).toMatchObject({
      reason: 'wrong-password',
    });
    expect(await call(password)).toMatchObject(refused);
    expect(await call({})).toMatchObject(refused);
    const code = { currentPassword: app.showCode() };
    expect((await call(code)).status).toBe(200);
  });

  test('takes a recovery code, and lasts five minutes', async () => {
    await using server = await startTestServer(dialect);
    const { client, app } = await comeBack(server);
    await client.account.export.mutate({ currentPassword: app.recoveryCodes[0] ?? '' });
    passMinutes(5);
    await client.account.export.mutate();
    vi.setSystemTime(Date.now() + 1000);
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({
      reason: 'code-required',
    });
  });

  test('is a log-in with the second step, and none in a browser that is asked for none', async () => {
    await using server = await startTestServer(dialect);
    const { person, app } = await comeBack(server);
    const client = createClient(server.openBrowser());
    const login = { identifier: person.email, password: person.password };
    await client.auth.login.mutate(login);
    await client.auth.secondFactor.mutate({ code: app.showCode(), rememberBrowser: true });
    await client.account.export.mutate();
    expect(await client.auth.login.mutate(login)).toHaveProperty('user');
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({
      reason: 'code-required',
    });
  });

  test('is not asked for by what protects the account', async () => {
    await using server = await startTestServer(dialect);
    const { client, password } = await comeBack(server);
    await client.sessions.revokeOthers.mutate(password);
    const newPassword = 'another quiet lantern';
    await client.account.changePassword.mutate({ ...password, newPassword });
    expect(await catchRefusal(client.account.export.mutate())).toMatchObject({
      reason: 'code-required',
    });
  });

  test('is a passkey that checks nobody, after the password', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, person } = await signUp(server);
    const device = openDevice(server.deps.settings.publicOrigin, { checksUser: false });
    await addPasskey(client, device);
    passMinutes(6);
    expect(await catchRefusal(proveWith(client, device))).toMatchObject({
      reason: 'passkey-unverified',
    });
    const former = browser.cookies.get('session');
    const { password: currentPassword } = person;
    expect(await catchRefusal(client.account.export.mutate({ currentPassword }))).toMatchObject({
      reason: 'code-required',
      secondFactor: ['passkey', 'recovery-code'],
    });
    expect(browser.cookies.get('session')).not.toBe(former);
    await proveWith(client, device);
    await client.account.export.mutate();
  });
});

test('Without JavaScript the code goes where the password does', async () => {
  await using pages = await createDashboardSite();
  await using server = await startTestServer('sqlite', {}, pages);
  const { browser, app, password } = await comeBack(server);
  const email = 'zoe@example.com';
  const post = async (fields: Record<string, string>) => {
    const answer = await browser.submit('/dashboard', { action: 'email', email, ...fields });
    return answer.headers.get('location');
  };
  expect(await post({ currentPassword: '' })).toBe('/dashboard#code-required');
  expect(await post(password)).toBe('/dashboard#code-required');
  expect(await (await browser.visit('/dashboard')).text()).toContain(email);
  expect(await post({ currentPassword: app.showCode() })).toBe('/dashboard#email-changed');
});
