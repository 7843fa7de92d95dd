import { describe, expect, test } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { addPasskey, openDevice } from '../testing/passkey-device.ts';
import { createDashboardSite } from '../testing/dashboard-site.ts';
import { signUp } from '../testing/people.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

async function signUpWithPasskey(server: TestServer) {
  const signedUp = await signUp(server);
  const device = openDevice(server.deps.settings.publicOrigin);
  await addPasskey(signedUp.client, device, 'Phone');
  const post = async (action: string, fields: Record<string, string>) => {
    const answer = await signedUp.browser.submit('/dashboard', { action, ...fields });
    return [answer.status, answer.headers.get('location')];
  };
  return { ...signedUp, device, post };
}

describe('passkeys without JavaScript', () => {
  test('are shown, named and removed on the dashboard', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const { browser, client, device, post } = await signUpWithPasskey(server);
    const { id } = device;
    const shown = async () => (await browser.visit('/dashboard/second-factor')).text();
    expect(await shown()).toContain('keys|10');
    expect(await shown()).toContain(`${id}|Phone|`);
    expect(await post('rename-passkey', { id, name: '<b>Old phone</b>' })).toEqual([
      303,
      '/dashboard/second-factor#passkey-renamed',
    ]);
    expect(await shown()).toContain(`<option value="${id}">&lt;b&gt;Old phone&lt;/b&gt;</option>`);
    expect(await post('rename-passkey', { id, name: ' ' })).toEqual([
      303,
      '/dashboard/second-factor#invalid-name',
    ]);
    expect(await post('remove-passkey', { id })).toEqual([
      303,
      '/dashboard/second-factor#passkey-removed',
    ]);
    expect(await post('remove-passkey', { id })).toEqual([
      303,
      '/dashboard/second-factor#passkey-gone',
    ]);
    expect(await shown()).not.toContain(id);
    expect((await client.factors.status.query()).passkeys).toEqual([]);
  });

  // ASVS 7.4.3
  test('lead to the button that ends the other sessions', async () => {
    await using pages = await createDashboardSite();
    await using server = await startTestServer('sqlite', {}, pages);
    const { browser, post, device, person, client } = await signUpWithPasskey(server);
    const shown = async () => (await browser.visit('/dashboard/second-factor')).text();
    expect(await shown()).toContain('alone');
    await post('remove-passkey', { id: device.id });
    const elsewhere = createClient(server.openBrowser());
    const { email: identifier, password } = person;
    await elsewhere.auth.login.mutate({ identifier, password });
    expect(await shown()).toContain('also on one other device');
    await createClient(server.openBrowser()).auth.login.mutate({ identifier, password });
    expect(await shown()).toContain('also on 2 other devices');
    expect(await post('end-other-devices', {})).toEqual([
      303,
      '/dashboard/second-factor#other-sessions-ended',
    ]);
    expect(await shown()).toContain('alone');
    expect(await elsewhere.auth.session.query()).toBeNull();
    expect(await client.auth.session.query()).not.toBeNull();
  });

  test('are offered at the second step to who gave the password, where they have one', async () => {
    await using server = await startTestServer('sqlite');
    const offer = 'data-passkey';
    const { person, client, device } = await signUpWithPasskey(server);
    const login = { identifier: person.email, password: person.password };
    const browser = server.openBrowser();
    const answer = await browser.submit('/login', login);
    expect(answer.headers.get('location')).toContain('/second-factor');
    expect(await (await browser.visit('/second-factor')).text()).toContain(offer);
    await setUpApp(client);
    await client.passkeys.remove.mutate({ id: device.id });
    const page = await browser.visit('/second-factor');
    expect(await page.text()).not.toContain(offer);
    expect(page.headers.get('cache-control')).toBe('private, no-store');
  });
});
