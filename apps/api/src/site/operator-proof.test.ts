import { dialects } from '@latchkey/db/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { startOpenidProvider } from '../testing/openid-provider.ts';
import { addPasskey, openDevice, proveWith } from '../testing/passkey-device.ts';
import { signUp } from '../testing/people.ts';
import { catchRefusal, startTestServer, type TestServer } from '../testing/test-server.ts';

const passMinutes = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);
const proofPage = '/operator/proof?next=%2Foperator%3Fshow%3Droles';
const passkeyOffer = 'data-passkey';
const providerOffer = 'confirm with <bdi>Our staff</bdi>';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

async function signUpOperator(server: TestServer) {
  const signedUp = await signUp(server);
  const { id } = signedUp.user;
  await server.database.User.update({ roles: ['operator'] }, { where: { id } });
  const read = async () => (await signedUp.browser.visit(proofPage)).text();
  return { ...signedUp, read };
}

const openDeviceOf = ({ deps }: TestServer, checksUser = true) =>
  openDevice(deps.settings.publicOrigin, { checksUser });

describe.each(dialects)('the proof of operators on %s', (dialect) => {
  test('offers a passkey to who has one alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, read } = await signUpOperator(server);
    expect(await read()).not.toContain(passkeyOffer);
    await setUpApp(client);
    expect(await read()).not.toContain(passkeyOffer);
    await addPasskey(client, openDeviceOf(server));
    expect(await read()).toContain(passkeyOffer);
  });

  test('takes a passkey, and what the operator does is open', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, read } = await signUpOperator(server);
    const device = openDeviceOf(server);
    await addPasskey(client, device);
    passMinutes(6);
    const refusal = { httpStatus: 403, reason: 'code-required' };
    expect(await catchRefusal(client.operator.people.query({}))).toMatchObject(refusal);
    const html = await read();
    expect(html).toContain('name="next" value="/operator?show=roles"');
    await proveWith(client, device);
    expect((await client.operator.people.query({})).people).toHaveLength(1);
    expect((await browser.visit('/operator?show=roles')).status).toBe(200);
  });

  test('takes a passkey that checks nobody after the password alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, person, user } = await signUpOperator(server);
    const device = openDeviceOf(server, false);
    await addPasskey(client, device);
    passMinutes(6);
    const unverified = { httpStatus: 400, reason: 'passkey-unverified' };
    expect(await catchRefusal(proveWith(client, device))).toMatchObject(unverified);
    const { password: currentPassword } = person;
    const sent = await browser.submit('/operator/proof', { person: user.id, currentPassword });
    expect(sent.headers.get('location')).toMatch(/#code-required$/);
    await proveWith(client, device);
    expect((await client.operator.people.query({})).people).toHaveLength(1);
  });

  test('names the provider to who is linked there and has no second factor', async () => {
    await using provider = await startOpenidProvider({ ada: {} });
    await using server = await startTestServer(dialect, {
      ...provider.settings,
      OIDC_LABEL: 'Our staff',
    });
    const { client, browser, read } = await signUpOperator(server);
    expect(await read()).not.toContain(providerOffer);
    const { address } = await client.oidc.start.mutate({ purpose: 'link' });
    await provider.logInTo(browser, 'ada', address);
    passMinutes(6);
    expect(await read()).toContain(providerOffer);
    const visit = await client.oidc.start.mutate({ purpose: 'proof' });
    await provider.logInTo(browser, 'ada', visit.address);
    expect((await browser.visit('/operator')).status).toBe(200);
    await setUpApp(client);
    expect(await read()).not.toContain(providerOffer);
  });
});
