import { dialects } from '@latchkey/db/testing';
import { SITE_NAME } from '@latchkey/shared';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openApp, setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import { postTrpc } from '../testing/post-trpc.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

const STEP_SECONDS = 30;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:00:10Z') });
});

afterEach(() => {
  vi.useRealTimers();
});

function passSeconds(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

const none = { authenticator: false, passkeys: [], recoveryCodesLeft: 0 };

describe.each(dialects)('an authenticator app on %s', (dialect) => {
  // ASVS 6.5.3, 6.5.4
  test('is set up with a secret, an address, a picture and a first code', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, user } = await signUp(server);
    expect(await client.factors.status.query()).toEqual(none);
    const { secret, uri, qr } = await client.factors.startAuthenticator.mutate();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const address = new URL(uri);
    expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(address.pathname)).toBe(`/${SITE_NAME}:${person.email}`);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ secret, issuer: SITE_NAME });
    expect(qr).toMatch(/^<svg [^]*<\/svg>$/);
    expect(qr).not.toMatch(/style|script|href/);
    // Nothing is asked for until a code has shown that the app works.
    expect(await client.factors.status.query()).toEqual(none);
    const login = { identifier: person.email, password: person.password };
    const elsewhere = createClient(server.openBrowser());
    expect((await elsewhere.auth.login.mutate(login)).user?.id).toBe(user.id);
    const code = openApp(secret).showCode();
    const { recoveryCodes } = await client.factors.confirmAuthenticator.mutate({ code });
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const each of recoveryCodes) expect(each).toMatch(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
    expect(await client.factors.status.query()).toEqual({
      ...none,
      authenticator: true,
      recoveryCodesLeft: 10,
    });
    expect(await elsewhere.auth.login.mutate(login)).toEqual({
      secondFactor: ['authenticator', 'recovery-code'],
    });
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('authenticator-added');
  });

  test('keeps no secret in the clear, its key in a file of its owner alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { secret } = await client.factors.startAuthenticator.mutate();
    const row = await server.database.Authenticator.findByPk(user.id, { rejectOnEmpty: true });
    expect(row.secret).not.toContain(secret);
    expect(server.logLines.join('')).not.toContain(secret);
    const { factorKeys, settings } = server.deps;
    expect(factorKeys.decrypt(row.secret, user.id)).toBe(secret);
    expect(() => factorKeys.decrypt(row.secret, 'somebody else')).toThrow();
    const file = await stat(join(settings.dataDir, 'factor-keys.json'));
    expect((file.mode & 0o777).toString(8)).toBe('600');
  });

  // ASVS 6.5.5, 6.5.8
  test('takes a code of the step before and after, and no other', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    for (const [steps, isTaken] of [
      [-2, false],
      [2, false],
      [-1, true],
    ] as const) {
      const { secret } = await client.factors.startAuthenticator.mutate();
      const confirm = client.factors.confirmAuthenticator.mutate({
        code: openApp(secret).showCode(steps),
      });
      if (isTaken) await confirm;
      else
        expect(await catchRefusal(confirm), String(steps)).toMatchObject({
          httpStatus: 400,
          reason: 'wrong-code',
          fieldErrors: { code: [expect.stringContaining('not right')] },
        });
    }
  });

  test('is not confirmed by a code of a secret that was replaced or has waited too long', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const former = await client.factors.startAuthenticator.mutate();
    const latest = await client.factors.startAuthenticator.mutate();
    const confirm = (secret: string) =>
      client.factors.confirmAuthenticator.mutate({ code: openApp(secret).showCode() });
    expect(await catchRefusal(confirm(former.secret))).toMatchObject({ reason: 'wrong-code' });
    passSeconds(15 * 60);
    expect(await catchRefusal(confirm(latest.secret))).toMatchObject({ reason: 'wrong-code' });
    expect(await client.factors.status.query()).toEqual(none);
  });

  // ASVS 6.5.6
  test('is one, and goes with its recovery codes', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    await setUpApp(client);
    expect(await catchRefusal(client.factors.startAuthenticator.mutate())).toMatchObject({
      httpStatus: 409,
      reason: 'authenticator-exists',
    });
    expect(await client.factors.removeAuthenticator.mutate()).toEqual({});
    expect(await client.factors.status.query()).toEqual(none);
    const login = { identifier: person.email, password: person.password };
    const elsewhere = createClient(server.openBrowser());
    expect((await elsewhere.auth.login.mutate(login)).user?.email).toBe(person.email);
    expect(await catchRefusal(client.factors.renewRecoveryCodes.mutate())).toMatchObject({
      httpStatus: 404,
    });
  });

  test('that was never confirmed is dropped without a word', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    await client.factors.startAuthenticator.mutate();
    expect(await client.factors.removeAuthenticator.mutate()).toEqual({});
    expect(await server.database.Authenticator.count()).toBe(0);
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toEqual(['registered']);
  });

  test('is confirmed once by two at once', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const { secret } = await client.factors.startAuthenticator.mutate();
    const code = openApp(secret).showCode();
    const outcomes = await Promise.allSettled([
      client.factors.confirmAuthenticator.mutate({ code }),
      client.factors.confirmAuthenticator.mutate({ code }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await client.factors.status.query()).toMatchObject({ recoveryCodesLeft: 10 });
  });

  // ASVS 6.4.4, 7.5.1
  test.each(['startAuthenticator', 'removeAuthenticator', 'renewRecoveryCodes'] as const)(
    'asks for a fresh proof before %s',
    async (procedure) => {
      await using server = await startTestServer(dialect);
      const { client, person } = await signUp(server);
      const app = procedure === 'startAuthenticator' ? null : await setUpApp(client);
      passSeconds(10 * STEP_SECONDS + 1);
      const call = (currentPassword?: string) =>
        client.factors[procedure].mutate({ ...(currentPassword && { currentPassword }) });
      expect(await catchRefusal(call())).toMatchObject({
        reason: app ? 'code-required' : 'password-required',
      });
      expect(await catchRefusal(call('not this one'))).toMatchObject({ reason: 'wrong-password' });
      expect(await catchRefusal(call('000000'))).toMatchObject({
        reason: app ? 'wrong-code' : 'wrong-password',
      });
      await call(app ? app.showCode() : person.password);
    },
  );

  test('shows its codes to nobody but the person', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    const { secret } = await client.factors.startAuthenticator.mutate();
    const other = await signUp(server);
    const confirm = other.client.factors.confirmAuthenticator.mutate({
      code: openApp(secret).showCode(),
    });
    expect(await catchRefusal(confirm)).toMatchObject({ reason: 'wrong-code' });
    for (const path of ['startAuthenticator', 'removeAuthenticator', 'renewRecoveryCodes']) {
      const { status } = await postTrpc(server.openBrowser(), `factors.${path}`, {});
      expect(status, path).toBe(401);
    }
  });

  // ASVS 6.5.2
  test('is exported without its secret', async () => {
    await using server = await startTestServer(dialect);
    const { client, user } = await signUp(server);
    const { recoveryCodes } = await setUpApp(client);
    const exported = await client.account.export.mutate();
    expect(exported.factors).toEqual({
      ...none,
      authenticator: true,
      recoveryCodesLeft: 10,
      authenticatorSince: new Date().toISOString(),
      rememberedBrowsers: [],
    });
    const kept = await server.database.RecoveryCode.findAll({ raw: true });
    expect(kept).toHaveLength(10);
    for (const { codeHash } of kept) expect(codeHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(kept)).not.toContain(recoveryCodes[0]);
    const row = await server.database.Authenticator.findByPk(user.id, { rejectOnEmpty: true });
    for (const secret of [row.secret, recoveryCodes[0]]) {
      expect(JSON.stringify(exported)).not.toContain(secret);
    }
  });
});

describe('the picture of the secret', () => {
  const path = '/dashboard/authenticator.svg';

  test('is shown in the session that set it up, until it is confirmed', async () => {
    await using server = await startTestServer('sqlite');
    const { client, browser, person } = await signUp(server);
    expect((await browser.fetch(path)).status).toBe(404);
    const { secret, qr } = await client.factors.startAuthenticator.mutate();
    const picture = await browser.fetch(path);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    expect(picture.headers.get('cache-control')).toBe('private, no-store');
    expect(await picture.text()).toBe(qr);
    const elsewhere = server.openBrowser();
    const login = { identifier: person.email, password: person.password };
    await createClient(elsewhere).auth.login.mutate(login);
    expect((await elsewhere.fetch(path)).status).toBe(404);
    expect((await server.openBrowser().fetch(path)).status).toBe(404);
    const code = openApp(secret).showCode();
    await client.factors.confirmAuthenticator.mutate({ code });
    expect((await browser.fetch(path)).status).toBe(404);
  });
});
