import { dialects } from '@latchkey/db/testing';
import { describe, expect, test } from 'vitest';
import { mailOn } from '../testing/mailed.ts';
import { startFalseProvider } from '../testing/false-provider.ts';
import { startOpenidProvider } from '../testing/openid-provider.ts';
import { signUp } from '../testing/people.ts';
import { catchRefusal, createClient, startTestServer } from '../testing/test-server.ts';

const page = '/dashboard/other-service';
const account = (name: string) => ({ email: `${name}@example.com`, email_verified: true, name });
const accounts = { ada: account('ada'), eve: account('eve') };
const placeOf = ({ status, headers }: Response) => [status, headers.get('location')];
type Client = ReturnType<typeof createClient>;

/** Makes the session's last proof as old as the sign-in of somebody who left the browser open. */
const forgetProof = ({ database }: Awaited<ReturnType<typeof startTestServer>>) =>
  database.Session.update({ authenticatedAt: new Date(0) }, { where: {} });

const startOf = async (client: Client, purpose: 'link' | 'proof', proof = {}) =>
  (await client.oidc.start.mutate({ purpose, ...proof })).address;

describe.each(dialects)('accounts at a provider on %s', (dialect) => {
  test('are linked by who proves that both are theirs, and log in from then on', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, { ...provider.settings, ...mailOn });
    const { browser, client, user, person } = await signUp(server, { email: 'ada@example.com' });
    await server.database.Mail.destroy({ where: {} });
    const address = await startOf(client, 'link');
    const answer = await provider.logInTo(browser, 'ada', address);
    expect(placeOf(answer)).toEqual([303, `${page}#oidc-linked`]);
    const status = await client.oidc.status.query();
    expect(status).toMatchObject({ label: 'Example', accounts: [{ lastUsedAt: null }] });
    const html = await (await browser.visit(page)).text();
    expect(html).toMatch(/<h3 [^>]*>Example<\/h3>/);
    expect(html).not.toContain('No account there is linked.');
    expect(await server.database.Mail.count({ where: { userId: user.id } })).toBe(1);
    const other = server.openBrowser();
    expect(placeOf(await provider.logInTo(other, 'ada'))).toEqual([303, '/secrets']);
    expect((await createClient(other).auth.session.query())?.user.id).toBe(user.id);
    const exported = await client.account.export.mutate();
    const linked = { issuer: provider.issuer, subject: 'ada', roles: [] };
    expect(exported.linkedAccounts).toMatchObject([linked]);
    const id = status.accounts[0]?.id ?? '';
    await client.oidc.unlink.mutate({ id, currentPassword: person.password });
    expect(await client.oidc.status.query()).toMatchObject({ accounts: [] });
    const refused = await provider.logInTo(server.openBrowser(), 'ada');
    expect(placeOf(refused)).toEqual([303, '/login#oidc-email-taken']);
    const events = (await server.database.Activity.findAll()).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['oidc-linked', 'oidc-unlinked']));
  });

  test('are linked with a fresh proof alone', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, provider.settings);
    const { client, person } = await signUp(server);
    await forgetProof(server);
    expect(await catchRefusal(startOf(client, 'link'))).toMatchObject({
      httpStatus: 403,
      reason: 'password-required',
    });
    const wrong = { currentPassword: 'not the password' };
    const refusal = await catchRefusal(startOf(client, 'link', wrong));
    expect(refusal.reason).toBe('wrong-password');
    expect(await server.database.OidcAttempt.count()).toBe(0);
    const { password: currentPassword } = person;
    expect(await startOf(client, 'link', { currentPassword })).toMatch(/^\/oidc\/start\?visit=/);
  });

  test('of somebody else are not taken from them, and two of one provider not joined', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, provider.settings);
    const [ada, eve] = [await signUp(server), await signUp(server)];
    await provider.logInTo(ada.browser, 'ada', await startOf(ada.client, 'link'));
    const taken = await provider.logInTo(eve.browser, 'ada', await startOf(eve.client, 'link'));
    expect(placeOf(taken)).toEqual([303, `${page}#oidc-in-use`]);
    const second = await provider.logInTo(ada.browser, 'eve', await startOf(ada.client, 'link'));
    expect(placeOf(second)).toEqual([303, `${page}#oidc-exists`]);
    const [identity] = await server.database.OidcIdentity.findAll();
    expect(identity?.userId).toBe(ada.user.id);
    const { reason } = await catchRefusal(
      eve.client.oidc.unlink.mutate({ id: identity?.id ?? '' }),
    );
    expect(reason).toBe('not-found');
  });

  test('are linked to whoever left, and to nobody who signed in here meanwhile', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, provider.settings);
    const { browser, client } = await signUp(server);
    const { headers } = await browser.visit(await startOf(client, 'link'));
    const back = await provider.logIn(headers.get('location') ?? '', 'ada');
    const eve = await signUp(server);
    const { email: identifier, password } = eve.person;
    await client.auth.login.mutate({ identifier, password });
    expect(placeOf(await browser.visit(back))).toEqual([303, `${page}#oidc-over`]);
    await client.auth.logout.mutate();
    expect(placeOf(await browser.visit(back))).toEqual([303, '/login#oidc-over']);
    expect(await server.database.OidcIdentity.count()).toBe(0);
  });

  test('prove who is there for five minutes, where there is no password', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    await provider.logInTo(browser, 'ada');
    const client = createClient(browser);
    const { email } = accounts.ada;
    const remove = () => client.account.delete.mutate({ email });
    // The provider did not say when it asked the person.
    expect(await catchRefusal(remove())).toMatchObject({
      reason: 'password-required',
      provider: 'Example',
    });
    const { browser: eve, client: eveClient } = await signUp(server);
    await provider.logInTo(eve, 'eve', await startOf(eveClient, 'link'));
    const foreign = await provider.logInTo(browser, 'eve', await startOf(client, 'proof'));
    expect(placeOf(foreign)).toEqual([303, `${page}#oidc-other-account`]);
    expect((await catchRefusal(remove())).reason).toBe('password-required');
    const proved = await provider.logInTo(browser, 'ada', await startOf(client, 'proof'));
    expect(placeOf(proved)).toEqual([303, `${page}#oidc-confirmed`]);
    await remove();
    expect(await server.database.OidcIdentity.count({ where: { subject: 'ada' } })).toBe(0);
  });

  test('stay while they are the only way in', async () => {
    await using provider = await startOpenidProvider(accounts);
    await using server = await startTestServer(dialect, provider.settings);
    const browser = server.openBrowser();
    await provider.logInTo(browser, 'ada');
    const client = createClient(browser);
    await provider.logInTo(browser, 'ada', await startOf(client, 'proof'));
    const id = (await client.oidc.status.query()).accounts[0]?.id ?? '';
    const refusal = await catchRefusal(client.oidc.unlink.mutate({ id }));
    expect(refusal).toMatchObject({ httpStatus: 409, reason: 'oidc-last-way-in' });
    const [user] = await server.database.User.findAll();
    await user?.update({ passwordHash: await server.deps.passwords.hash('a quiet lantern') });
    await client.oidc.unlink.mutate({ id });
    expect(await server.database.OidcIdentity.count()).toBe(0);
  });

  test('take their roles along when they go', async () => {
    const roles = { ada: { ...accounts.ada, groups: ['editor'] } };
    await using provider = await startOpenidProvider(roles);
    const env = { ...provider.settings, OIDC_ROLES_CLAIM: 'groups' };
    await using server = await startTestServer(dialect, env);
    const { browser, client, user } = await signUp(server);
    await server.database.User.update({ roles: ['staff'] }, { where: { id: user.id } });
    await provider.logInTo(browser, 'ada', await startOf(client, 'link'));
    await client.auth.logout.mutate();
    await provider.logInTo(browser, 'ada');
    const session = await client.auth.session.query();
    expect(session?.user.roles).toEqual(['staff', 'editor']);
    await provider.logInTo(browser, 'ada', await startOf(client, 'proof'));
    const id = (await client.oidc.status.query()).accounts[0]?.id ?? '';
    await client.oidc.unlink.mutate({ id });
    expect((await client.auth.session.query())?.user.roles).toEqual(['staff']);
  });
});

test.each([
  ['does not say when it asked', () => undefined, 'oidc-not-fresh'],
  ['asked long ago', () => Math.floor(Date.now() / 1000) - 600, 'oidc-not-fresh'],
  ['asked just now', () => Math.floor(Date.now() / 1000), 'oidc-confirmed'],
])('a proof of a provider that %s', async (_name, readTime, message) => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  const { browser, client, user } = await signUp(server);
  const { issuer } = provider;
  await server.database.OidcIdentity.create({ userId: user.id, issuer, subject: 'ada' });
  const { headers } = await browser.visit(await startOf(client, 'proof'));
  const asked = Object.fromEntries(new URL(headers.get('location') ?? '').searchParams);
  expect(asked).toMatchObject({ prompt: 'login', max_age: '0' });
  const { state = '', nonce } = asked;
  const code = provider.issueCode({ claims: { sub: 'ada', nonce, auth_time: readTime() } });
  const query = new URLSearchParams({ code, state, iss: issuer });
  const answer = await browser.visit(`/oidc/callback?${query.toString()}`);
  expect(placeOf(answer)).toEqual([303, `${page}#${message}`]);
});

test('a log-in of long ago at the provider is no fresh proof here', async () => {
  await using provider = await startFalseProvider();
  await using server = await startTestServer('sqlite', provider.settings);
  for (const [age, isFresh] of [
    [600, false],
    [10, true],
  ] as const) {
    const browser = server.openBrowser();
    const { headers } = await browser.visit('/oidc/start');
    const { state = '', nonce } = Object.fromEntries(
      new URL(headers.get('location') ?? '').searchParams,
    );
    const authTime = Math.floor(Date.now() / 1000) - age;
    const person = { sub: 'ada', email: 'ada@example.com', email_verified: true };
    const code = provider.issueCode({ claims: { ...person, nonce, auth_time: authTime } });
    const query = new URLSearchParams({ code, state, iss: provider.issuer });
    await browser.visit(`/oidc/callback?${query.toString()}`);
    const exporting = createClient(browser).account.export.mutate();
    if (isFresh) await exporting;
    else expect((await catchRefusal(exporting)).reason).toBe('password-required');
  }
});

test('the forms work without JavaScript', async () => {
  await using provider = await startOpenidProvider(accounts);
  await using server = await startTestServer('sqlite', provider.settings);
  const { browser, person } = await signUp(server);
  await forgetProof(server);
  const submit = async (fields: Record<string, string>) =>
    placeOf(await browser.submit('/dashboard', fields));
  expect(await submit({ action: 'link-oidc' })).toEqual([303, `${page}#password-required`]);
  const { password: currentPassword } = person;
  const proved = await submit({ action: 'link-oidc', currentPassword });
  expect(proved).toEqual([303, `${page}#oidc-ready`]);
  const findStart = async () =>
    /href="(\/oidc\/start\?visit=[\w-]+)"/.exec(await (await browser.visit(page)).text())?.[1];
  const start = await findStart();
  expect(start).toBeDefined();
  // It is shown once.
  expect(await findStart()).toBeUndefined();
  const linked = await provider.logInTo(browser, 'ada', start);
  expect(placeOf(linked)).toEqual([303, `${page}#oidc-linked`]);
  expect(await submit({ action: 'confirm-oidc' })).toEqual([303, `${page}#oidc-ready`]);
  const [identity] = await server.database.OidcIdentity.findAll();
  const id = identity?.id ?? '';
  expect(await submit({ action: 'unlink-oidc', id })).toEqual([303, `${page}#oidc-unlinked`]);
  expect(await submit({ action: 'unlink-oidc', id })).toEqual([303, `${page}#oidc-gone`]);
});
