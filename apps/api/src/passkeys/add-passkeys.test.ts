import { dialects } from '@latchkey/db/testing';
import { SITE_NAME } from '@latchkey/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PASSKEYS_MAX } from '../second-factors/passkey.ts';
import { setUpApp } from '../testing/authenticator-app.ts';
import { addPasskey, openDevice, proveWith } from '../testing/passkey-device.ts';
import { signUp } from '../testing/people.ts';
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

const originOf = ({ deps }: TestServer) => deps.settings.publicOrigin;

describe.each(dialects)('passkeys on %s', (dialect) => {
  test('are added with a name, and recovery codes with the first', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, user } = await signUp(server);
    const options = await client.passkeys.startRegistration.mutate();
    expect(options).toMatchObject({
      rp: { name: SITE_NAME, id: new URL(originOf(server)).hostname },
      user: { name: person.email, displayName: person.name },
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      excludeCredentials: [],
      attestation: 'none',
    });
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
    const device = openDevice(originOf(server));
    const { passkey, recoveryCodes } = await addPasskey(client, device, 'Phone');
    const createdAt = new Date().toISOString();
    expect(passkey).toEqual({ id: device.id, name: 'Phone', createdAt, lastUsedAt: null });
    expect(recoveryCodes).toHaveLength(10);
    vi.setSystemTime(Date.now() + 1000);
    const second = await addPasskey(client, openDevice(originOf(server)));
    expect(second.recoveryCodes).toBeUndefined();
    expect(second.passkey.name).toBe('An unknown device');
    expect(await client.factors.status.query()).toMatchObject({
      authenticator: false,
      passkeys: [{ name: 'Phone' }, { name: 'An unknown device' }],
      recoveryCodesLeft: 10,
    });
    const again = await client.passkeys.startRegistration.mutate();
    expect(again.excludeCredentials).toMatchObject([{ id: device.id }, { id: second.passkey.id }]);
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events.filter((event) => event === 'passkey-added')).toHaveLength(2);
    expect((await client.account.export.mutate()).factors.passkeys).toHaveLength(2);
    const row = await server.database.Passkey.findByPk(device.id, { rejectOnEmpty: true });
    expect(row).toMatchObject({ userId: user.id, counter: 0, transports: ['internal'] });
    expect(JSON.stringify(await client.account.export.mutate())).not.toContain(row.publicKey);
  });

  test('are added once, and no other device answers again', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const device = openDevice(originOf(server));
    const response = device.create(await client.passkeys.startRegistration.mutate());
    await client.passkeys.finishRegistration.mutate({ response });
    expect(
      await catchRefusal(client.passkeys.finishRegistration.mutate({ response })),
    ).toMatchObject({ httpStatus: 400, reason: 'passkey-not-added' });
    expect(await catchRefusal(addPasskey(client, device))).toMatchObject({
      httpStatus: 409,
      reason: 'passkey-exists',
    });
    const other = await signUp(server);
    expect(await catchRefusal(addPasskey(other.client, device))).toMatchObject({
      reason: 'passkey-exists',
    });
    expect(await server.database.Passkey.count()).toBe(1);
  });

  test('are not added for another site, another browser, another person or too late', async () => {
    await using server = await startTestServer(dialect);
    const { client, browser, person } = await signUp(server);
    const refused = { httpStatus: 400, reason: 'passkey-not-added' };
    const elsewhere = openDevice('https://evil.example');
    expect(await catchRefusal(addPasskey(client, elsewhere))).toMatchObject(refused);

    const device = openDevice(originOf(server));
    const response = device.create(await client.passkeys.startRegistration.mutate());
    const otherBrowser = createClient(server.openBrowser());
    await otherBrowser.auth.login.mutate({ identifier: person.email, password: person.password });
    await otherBrowser.passkeys.startRegistration.mutate();
    const call = otherBrowser.passkeys.finishRegistration.mutate({ response });
    expect(await catchRefusal(call)).toMatchObject(refused);

    const other = await signUp(server);
    other.browser.cookies.set('passkey', browser.cookies.get('passkey') ?? '');
    const foreign = other.client.passkeys.finishRegistration.mutate({ response });
    expect(await catchRefusal(foreign)).toMatchObject(refused);

    vi.setSystemTime(Date.now() + 10 * 60_000);
    const late = client.passkeys.finishRegistration.mutate({ response });
    expect(await catchRefusal(late)).toMatchObject(refused);
    expect(await server.database.Passkey.count()).toBe(0);
  });

  // ASVS 6.4.4, 7.5.1
  test('need a fresh proof to be added and removed, not to be named', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const device = openDevice(originOf(server));
    const { passkey } = await addPasskey(client, device);
    vi.setSystemTime(Date.now() + 6 * 60_000);
    const { id } = passkey;
    const { passkeys } = client;
    for (const call of [
      () => passkeys.startRegistration.mutate(),
      () => passkeys.remove.mutate({ id }),
    ]) {
      expect(await catchRefusal(call())).toMatchObject({ reason: 'code-required' });
    }
    await passkeys.rename.mutate({ id, name: '  My key ' });
    expect((await client.factors.status.query()).passkeys).toMatchObject([{ name: 'My key' }]);
    await proveWith(client, device);
    await passkeys.remove.mutate({ id });
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['passkey-renamed', 'passkey-removed']));
  });

  // ASVS 6.7.1
  test('of another person are nobody’s to name or remove', async () => {
    await using server = await startTestServer(dialect);
    const owner = await signUp(server);
    const { passkey } = await addPasskey(owner.client, openDevice(originOf(server)), 'Phone');
    const { client } = await signUp(server);
    const { id } = passkey;
    for (const call of [
      () => client.passkeys.rename.mutate({ id, name: 'Mine' }),
      () => client.passkeys.remove.mutate({ id }),
    ]) {
      expect(await catchRefusal(call())).toMatchObject({ httpStatus: 404 });
    }
    expect((await owner.client.factors.status.query()).passkeys).toEqual([passkey]);
    for (const path of ['startRegistration', 'finishRegistration', 'rename', 'remove']) {
      const { status } = await postTrpc(server.openBrowser(), `passkeys.${path}`, {});
      expect(status, path).toBe(401);
    }
  });

  // ASVS 6.5.6
  test('leave the recovery codes until the last factor goes', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    await setUpApp(client);
    const one = await addPasskey(client, openDevice(originOf(server)));
    expect(one.recoveryCodes).toBeUndefined();
    const two = await addPasskey(client, openDevice(originOf(server)));
    await client.factors.removeAuthenticator.mutate();
    await client.passkeys.remove.mutate({ id: one.passkey.id });
    expect(await client.factors.status.query()).toMatchObject({
      authenticator: false,
      passkeys: [{ id: two.passkey.id }],
      recoveryCodesLeft: 10,
    });
    expect((await client.factors.renewRecoveryCodes.mutate()).recoveryCodes).toHaveLength(10);
    await client.passkeys.remove.mutate({ id: two.passkey.id });
    expect(await client.factors.status.query()).toEqual({
      authenticator: false,
      passkeys: [],
      recoveryCodesLeft: 0,
    });
  });

  test('are at most twenty', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const device = openDevice(originOf(server));
    const response = device.create(await client.passkeys.startRegistration.mutate());
    const rows = Array.from({ length: PASSKEYS_MAX }, (_, index) => ({
      id: `key-${index}`,
      userId: user.id,
      publicKey: 'of no device',
      counter: 0,
      transports: [],
      name: `Key ${index}`,
      backedUp: false,
    }));
    await server.database.Passkey.bulkCreate(rows);
    await server.database.Session.update({ secondFactorAt: new Date() }, { where: {} });
    for (const call of [
      () => client.passkeys.finishRegistration.mutate({ response }),
      () => client.passkeys.startRegistration.mutate(),
    ]) {
      expect(await catchRefusal(call())).toMatchObject({
        httpStatus: 409,
        reason: 'too-many-passkeys',
      });
    }
  });
});
