import { dialects } from '@latchkey/db/testing';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { setUpApp } from '../testing/authenticator-app.ts';
import { signUp } from '../testing/people.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { createClient, startTestServer, type TestServer } from '../testing/test-server.ts';

// The CLI is a process of its own, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

const run = ({ deps: { settings } }: TestServer, ...args: string[]) =>
  runAdmin({ DATABASE_URL: settings.databaseUrl, DATA_DIR: settings.dataDir }, ...args);

describe.each(dialects)('on %s', (dialect) => {
  // ASVS 6.5.6
  test('user remove-factors lets a person in with the password alone', async () => {
    await using server = await startTestServer(dialect);
    const { client, person, user } = await signUp(server);
    const none = await run(server, 'user', 'remove-factors', person.email);
    expect(none.stdout).toBe(`${person.email} has no second factor. Nothing was changed.\n`);
    await setUpApp(client);
    const { stdout } = await run(server, 'user', 'remove-factors', person.email);
    expect(stdout).toBe(`${person.email} now logs in with the password alone. 1 session ended.\n`);
    expect(await client.auth.session.query()).toBeNull();
    const login = { identifier: person.email, password: person.password };
    expect((await client.auth.login.mutate(login)).user?.id).toBe(user.id);
    const events = (await client.activity.list.query()).map(({ event }) => event);
    expect(events).toContain('factors-removed-by-operator');
  });

  test('rotate-key encrypts all secrets anew beside the server, and their codes still work', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    const app = await setUpApp(client);
    const readSecret = async () =>
      (await server.database.Authenticator.findOne({ rejectOnEmpty: true })).secret;
    const former = await readSecret();
    for (let round = 0; round < 3; round += 1) {
      const { stdout, code } = await run(server, 'rotate-key');
      expect([code, stdout], String(round)).toEqual([
        0,
        expect.stringContaining('1 secret encrypted with it.'),
      ]);
    }
    expect(await readSecret()).not.toBe(former);
    expect(server.deps.factorKeys.has(former)).toBe(false);
    const elsewhere = createClient(server.openBrowser());
    await elsewhere.auth.login.mutate({ identifier: person.email, password: person.password });
    await elsewhere.auth.secondFactor.mutate({ code: app.showCode() });
  });

  test('of several rotate-key at once one is at work, and all codes still work', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    const app = await setUpApp(client);
    const { factorKeys } = server.deps;
    const runs = await Promise.all([0, 1, 2].map(() => run(server, 'rotate-key')));
    for (const { code, stdout, stderr } of runs) {
      if (code === 0) expect(stdout).toContain('1 secret encrypted with it.');
      else expect([code, stderr]).toEqual([1, expect.stringContaining('No key was changed.')]);
    }
    expect(runs.some(({ code }) => code === 0)).toBe(true);
    const { secret } = await server.database.Authenticator.findOne({ rejectOnEmpty: true });
    expect(factorKeys.isCurrent(secret)).toBe(true);
    const elsewhere = createClient(server.openBrowser());
    await elsewhere.auth.login.mutate({ identifier: person.email, password: person.password });
    await elsewhere.auth.secondFactor.mutate({ code: app.showCode() });
  });

  test('rotate-key says what to do where another was broken off', async () => {
    await using server = await startTestServer(dialect);
    const { client } = await signUp(server);
    await setUpApp(client);
    const { path } = server.deps.factorKeys;
    const former = await readFile(path, 'utf8');
    await writeFile(`${path}.rotating`, '');
    const refused = await run(server, 'rotate-key');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`delete ${path}.rotating and run rotate-key again`),
    ]);
    expect(await readFile(path, 'utf8')).toBe(former);
    await rm(`${path}.rotating`);
    expect((await run(server, 'rotate-key')).code).toBe(0);
    await expect(access(`${path}.rotating`)).rejects.toThrow('ENOENT');
  });

  test('doctor names what to do when the key is lost, and recovery codes still open', async () => {
    await using server = await startTestServer(dialect);
    const { client, person } = await signUp(server);
    const app = await setUpApp(client);
    const sound = await run(server, 'doctor');
    expect(sound.stdout).toContain('second factors: 1 authenticator app');
    await rm(server.deps.factorKeys.path);
    const { stdout, code } = await run(server, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/PROBLEM {2}second factors: .*lacks the key of 1 authenticator app/);
    expect(stdout).toContain('user remove-factors USER');
    const elsewhere = createClient(server.openBrowser());
    await elsewhere.auth.login.mutate({ identifier: person.email, password: person.password });
    await elsewhere.auth.secondFactor.mutate({ code: app.recoveryCodes[0] ?? '' });
  });
});
