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
    expect((await client.auth.login.mutate(login)).user.roles).toEqual(['member']);
    expect(await admin('user', 'grant', user.id, 'member')).toContain('already');
    expect(await client.auth.session.query()).not.toBeNull();
    await admin('user', 'revoke', user.id, 'member');
    expect((await client.auth.login.mutate(login)).user.roles).toEqual([]);
  });

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

  test('a person is added with a password that is shown once, and erased', async () => {
    await using server = await startTestServer(dialect);
    const admin = openAdmin(server);
    const args = ['--name', 'Zoë', '--email', 'zoe@example.com', '--role', 'member', '--json'];
    const { user, password } = JSON.parse(await admin('user', 'create', ...args)) as {
      user: { id: string };
      password: string;
    };
    const client = createClient(server.openBrowser());
    await client.auth.login.mutate({ identifier: 'zoe@example.com', password });
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
      expect(await catchRefusal(wrong)).toMatchObject({ reason: 'invalid-credentials' });
      for (let round = 0; round < 2; round += 1) {
        await client.auth.login.mutate({ identifier, password: 'correct horse battery' });
      }
    }
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
