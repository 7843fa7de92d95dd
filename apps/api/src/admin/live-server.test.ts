import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { makePerson, signUp } from '../testing/people.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import {
  catchRefusal,
  createClient,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

function openAdmin(server: TestServer) {
  const env = { DATABASE_URL: server.deps.settings.databaseUrl };
  return async (...args: string[]) => {
    const { code, stdout, stderr } = await runAdmin(env, ...args);
    expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
}

describe.each(dialects)('the command line beside a running server on %s', (dialect) => {
  // ASVS 8.3.2
  test('a disabled person is out at the next request, and in again when enabled', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const { person, browser, client } = await signUp(server);
    expect((await browser.visit('/secrets')).status).toBe(200);

    expect(await admin('user', 'disable', person.username)).toBe(
      `${person.email} is disabled. 1 session ended.\n`,
    );
    expect((await browser.visit('/secrets')).status).toBe(302);
    expect(await client.auth.session.query()).toBeNull();
    const login = { identifier: person.email, password: person.password };
    expect(await catchRefusal(client.auth.login.mutate(login))).toMatchObject({ httpStatus: 401 });
    expect(await admin('user', 'disable', person.email)).toContain('already. Nothing was changed');

    await admin('user', 'enable', person.email.toUpperCase());
    expect(await client.auth.session.query()).toBeNull();
    await client.auth.login.mutate(login);
    expect((await browser.visit('/secrets')).status).toBe(200);
  });

  test('roles are there at the next log-in, which a change asks for', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const { person, client, user } = await signUp(server);
    const login = { identifier: person.email, password: person.password };
    expect(await admin('user', 'grant', user.id, 'member')).toBe(
      `${person.email} has the role member. 1 session ended.\n`,
    );
    expect(await client.auth.session.query()).toBeNull();
    expect((await client.auth.login.mutate(login)).user?.roles).toEqual(['member']);
    expect(await admin('user', 'grant', user.id, 'member')).toContain('already');
    expect(await client.auth.session.query()).not.toBeNull();
    await admin('user', 'revoke', user.id, 'member');
    expect((await client.auth.login.mutate(login)).user?.roles).toEqual([]);
  });

  // ASVS 7.4.5
  test('sessions are listed and ended: one, a person’s, all', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const [ada, grace, joan] = [await signUp(server), await signUp(server), await signUp(server)];
    const list = async (...args: string[]) =>
      JSON.parse(await admin('sessions', 'list', '--json', ...args)) as {
        id: string;
        email: string;
      }[];
    expect(await list()).toHaveLength(3);
    const [adas] = await list('--user', ada.person.email);
    expect(adas).toMatchObject({ email: ada.person.email, address: ada.browser.address });
    expect(await admin('sessions', 'list')).toMatch(/^ID +EMAIL +ADDRESS/);

    await admin('sessions', 'end', adas?.id ?? '');
    expect(await ada.client.auth.session.query()).toBeNull();
    await admin('sessions', 'end', '--user', grace.person.username);
    expect(await grace.client.auth.session.query()).toBeNull();
    expect(await joan.client.auth.session.query()).not.toBeNull();
    expect(await admin('sessions', 'end', '--all', '--yes')).toBe('1 session ended.\n');
    expect(await joan.client.auth.session.query()).toBeNull();
  });

  // ASVS 6.4.1, 6.4.6
  test('a person is added, sets the first password with the link, and is erased', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const args = ['--name', 'Zoë', '--email', 'zoe@example.com', '--role', 'member', '--json'];
    const startedAt = Date.now();
    const { user, link, code, expiresAt } = JSON.parse(await admin('user', 'create', ...args)) as {
      user: { id: string };
    } & Record<'link' | 'code' | 'expiresAt', string>;
    expect(link).toBe(`http://localhost:3000/reset-password#token=${code}`);
    const lifetimeMs = new Date(expiresAt).getTime() - startedAt;
    expect(Math.round(lifetimeMs / 3_600_000)).toBe(24);
    const client = createClient(server.openBrowser());
    const login = { identifier: 'zoe@example.com', password: 'quiet lantern moss' };
    expect(await catchRefusal(client.auth.login.mutate(login))).toMatchObject({ httpStatus: 401 });
    await client.auth.resetPassword.mutate({ token: code, newPassword: login.password });
    expect((await client.auth.login.mutate(login)).user?.roles).toEqual(['member']);
    const shown = await admin('user', 'show', 'zoe@example.com', '--json');
    expect(JSON.parse(shown)).toMatchObject({ id: user.id, roles: ['member'], sessions: 1 });
    expect(shown).not.toContain('$');

    expect(await admin('user', 'list', '--search', 'ZOE@')).toContain(user.id);
    expect(await admin('user', 'list', '--search', '%')).not.toContain(user.id);
    await admin('user', 'delete', 'zoe@example.com', '--yes');
    expect(await client.auth.session.query()).toBeNull();
    expect(await server.database.User.count()).toBe(0);
    expect(await server.database.Session.count()).toBe(0);
  });

  // ASVS 6.4.6
  test('a link sets a new password, once, and not for somebody who is disabled', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const { person, client } = await signUp(server);
    // No form takes such a name any more, but a database may have one.
    await server.database.User.update({ name: 'Zoë\u202E' }, { where: {} });
    const printed = await admin('password-reset-link', person.username);
    expect(printed).toMatch(/^Zoë\\u202e <.+> can set a new password here:\n/);
    const [, link = '', code] = /^ {2}(http\S+#token=([\w-]{43}))$/m.exec(printed) ?? [];
    expect(printed).toContain(`asks for the code: ${String(code)}\n`);
    expect(printed).toMatch(/works once, until \d{4}-\d\d-\d\d \d\d:\d\dZ\./);
    const input = { token: link, newPassword: 'another quiet lantern' };
    await createClient(server.openBrowser()).auth.resetPassword.mutate(input);
    expect(await client.auth.session.query()).toBeNull();
    expect(await catchRefusal(client.auth.resetPassword.mutate(input))).toMatchObject({
      reason: 'invalid-reset-link',
    });

    const json = await admin('password-reset-link', person.email, '--json');
    const made = JSON.parse(json) as { user: object; code: string };
    expect(made.user).toMatchObject({ email: person.email });
    await admin('user', 'disable', person.email);
    const env = { DATABASE_URL: server.deps.settings.databaseUrl };
    const refused = await runAdmin(env, 'password-reset-link', person.email);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`Enable the account first: npm run admin -- user enable`);
    expect(await server.database.PasswordReset.count()).toBe(0);
  });

  test('what the operator does stands in the person’s own security log', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const { person, client } = await signUp(server);
    const bystander = await signUp(server);
    const logIn = () =>
      client.auth.login.mutate({ identifier: person.email, password: person.password });
    await admin('user', 'disable', person.email);
    await admin('user', 'disable', person.email);
    await admin('user', 'enable', person.email);
    await admin('user', 'grant', person.email, 'member');
    await admin('user', 'revoke', person.email, 'member');
    await admin('password-reset-link', person.email);
    await admin('sessions', 'end', '--user', person.email);
    await logIn();
    await admin('sessions', 'end', '--user', person.email);
    await logIn();
    const lines = await client.activity.list.query();
    const byOperator = lines.filter(({ device }) => device === null);
    expect(byOperator.map(({ description }) => description)).toEqual([
      'Signed out by the operator',
      'Password reset link created by the operator',
      'Role removed by the operator: member',
      'Role added by the operator: member',
      'Account enabled by the operator',
      'Account disabled by the operator',
    ]);
    const exported = await client.account.export.mutate({});
    expect(exported.activities.map(({ description }) => description)).toEqual([
      'Data downloaded',
      ...lines.map(({ description }) => description),
    ]);
    expect(await bystander.client.activity.list.query()).toHaveLength(1);

    const { id } = (await server.database.Session.findOne({
      where: { userId: bystander.user.id },
      rejectOnEmpty: true,
    })) as { id: string };
    await admin('sessions', 'end', id);
    await bystander.client.auth.login.mutate({
      identifier: bystander.person.email,
      password: bystander.person.password,
    });
    await admin('sessions', 'end', '--all', '--yes');
    const events = await server.database.Activity.findAll({
      where: { event: 'signed-out-by-operator' },
    });
    const ofPeople = (userId: string) => events.filter((line) => line.userId === userId).length;
    expect([events.length, ofPeople(bystander.user.id)]).toEqual([4, 2]);
  });

  test('imported people log in with their old passwords, whose hashes become scrypt', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    await using folder = await createTemporaryFolder({
      'old.csv': [
        'Name,Email,Username,Password Hash,Roles',
        'Ada,ada@example.com,ada,pbkdf2:sha256:1000$vC1tjLcPvhc3JXG4$d2961dcf416ab62ecb80e0deebd0070912521940546fc0ca3392ebfc07fcbec3,member editor',
        '"Hopper, Grace",grace@example.com,,$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.,',
        'Joan,joan@example.com,,pbkdf2_sha256$1000$saltsaltsalt$GacV8oEzUl3KM0Mwey9yrMcTPKpkL4jXrFpbKB8oOnI=,',
      ].join('\r\n'),
    });
    expect(await admin('user', 'import', join(folder.path, 'old.csv'))).toBe(
      '3 people imported.\n',
    );
    const exported = join(folder.path, 'all.jsonl');
    await admin('user', 'export', exported);
    expect((await stat(exported)).mode & 0o777).toBe(0o600);

    for (const identifier of ['ada', 'grace@example.com', 'joan@example.com']) {
      const client = createClient(server.openBrowser());
      const wrong = client.auth.login.mutate({ identifier, password: 'correct horse' });
      expect(await catchRefusal(wrong), identifier).toMatchObject({
        reason: 'invalid-credentials',
      });
      for (let round = 0; round < 2; round += 1) {
        await client.auth.login.mutate({ identifier, password: 'correct horse battery' });
      }
    }
    expect(await server.database.Activity.count({ where: { event: 'imported-by-operator' } })).toBe(
      3,
    );
    const people = await server.database.User.findAll({ order: ['email'] });
    expect(people.map(({ name, roles }) => [name, roles])).toEqual([
      ['Ada', ['member', 'editor']],
      ['Hopper, Grace', []],
      ['Joan', []],
    ]);
    for (const { passwordHash } of people) expect(passwordHash).toMatch(/^\$scrypt\$ln=10,/);

    await using other = await startTestServer(dialect);
    expect(await openAdmin(other)('user', 'import', exported)).toBe('3 people imported.\n');
    const identifier = 'ada@example.com';
    const client = createClient(other.openBrowser());
    await client.auth.login.mutate({ identifier, password: 'correct horse battery' });
  });

  test('a backup during registrations is sound, and brings back whoever had an answer', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    await using folder = await createTemporaryFolder({});
    const file = join(folder.path, 'site.backup');
    const early = await Promise.all(Array.from({ length: 5 }, () => signUp(server)));
    let isWriting = true;
    const write = async () => {
      while (isWriting) await createClient(server.openBrowser()).auth.register.mutate(makePerson());
    };
    const writing = [write(), write(), write()];
    expect(await admin('backup', file)).toContain(`The database is in ${file}`);
    isWriting = false;
    await Promise.all(writing);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    await using other = await startTestServer(dialect);
    await openAdmin(other)('restore', file);
    expect(await other.database.User.count()).toBeGreaterThanOrEqual(early.length);
    const { email, password } = early[0]?.person ?? makePerson();
    const client = createClient(other.openBrowser());
    expect(await client.auth.login.mutate({ identifier: email, password })).toBeTruthy();
    const refused = await runAdmin(
      { DATABASE_URL: other.deps.settings.databaseUrl },
      ...['restore', file],
    );
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not empty') as string,
    });
    await openAdmin(other)('restore', file, '--overwrite', '--yes');
    expect(await client.auth.session.query()).toBeNull();
  });
});
