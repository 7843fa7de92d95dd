import { dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { join } from 'node:path';
import { signUp } from '../testing/people.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { createClient, startTestServer } from '../testing/test-server.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

describe.each(dialects)('roles on %s', (dialect) => {
  test('are given for good or to an end, with a reason that the person sees', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const env = { DATABASE_URL: server.deps.settings.databaseUrl };
    const read = async () => {
      const { roles, roleEnds } = await server.database.User.findByPk(user.id, {
        rejectOnEmpty: true,
      });
      return { roles, roleEnds };
    };
    const end = { gold: '3000-01-01T00:00:00.000Z' };

    const given = ['user', 'grant', person.email, 'gold', '--until', '2999-12-31'];
    const granted = await runAdmin(env, ...given, '--reason', 'paid for a year');
    expect(granted).toMatchObject({ code: 0, stderr: '' });
    expect(granted.stdout).toContain(
      'has the role gold (Gold member) until 3000-01-01 00:00Z. 1 session ended.',
    );
    expect(await read()).toEqual({ roles: [], roleEnds: end });
    expect((await runAdmin(env, ...given)).stdout).toContain('Nothing was changed.');

    const client = createClient(server.openBrowser());
    await client.auth.login.mutate({ identifier: person.email, password: person.password });
    expect((await client.auth.session.query())?.user.roles).toEqual(['gold']);
    const [line] = (await client.activity.list.query()).filter(
      ({ event }) => event === 'role-given',
    );
    expect(line?.description).toBe(
      'Role added by the operator: gold (until 3000-01-01 00:00Z; paid for a year)',
    );
    expect((await client.account.export.mutate({})).user).toMatchObject({ roleEnds: end });

    await runAdmin(env, 'user', 'grant', person.email, 'gold');
    expect(await read()).toEqual({ roles: ['gold'], roleEnds: {} });
    await runAdmin(env, 'user', 'grant', person.email, 'gold', '--until', '2999-12-31');
    expect(await read()).toEqual({ roles: [], roleEnds: end });
    const taken = await runAdmin(env, 'user', 'revoke', person.email, 'gold', '--reason', 'over');
    expect(taken.stdout).toContain('no longer has the role gold');
    expect(await read()).toEqual({ roles: [], roleEnds: {} });
    const logged = (await runAdmin(env, 'log', 'list', '--json')).stdout;
    expect(logged).toContain('role-given: gold until 3000-01-01 00:00Z');
    expect(logged).not.toMatch(/paid for a year|over"/);
  });

  test('that cannot be understood change nothing', async () => {
    await using server = await startTestServer(dialect);
    const { person, user } = await signUp(server);
    const env = { DATABASE_URL: server.deps.settings.databaseUrl };
    for (const [args, sentence] of [
      [['gold', '--until', '2020-01-01'], 'in the future'],
      [['gold', '--until', '31.12.2999'], 'such as 2026-12-31'],
      [['Gold'], 'a role has at most 30 lower-case letters'],
      [['gold', '--reason', ' '], 'a reason has 1 to 120 characters'],
    ] as const) {
      const refused = await runAdmin(env, 'user', 'grant', person.email, ...args);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(sentence);
    }
    const found = await server.database.User.findByPk(user.id);
    expect(found).toMatchObject({ roles: [], roleEnds: {} });
  });

  test('are given to and taken from the people of a file, all or nobody', async () => {
    await using server = await startTestServer(dialect);
    const people = [await signUp(server), await signUp(server), await signUp(server)];
    const [ada, bob] = people.map(({ person }) => person);
    const env = { DATABASE_URL: server.deps.settings.databaseUrl };
    await using folder = await createTemporaryFolder({
      'people.txt': `\ufeff# This year\r\n${ada?.email.toUpperCase() ?? ''}\r\n\r\n${bob?.username ?? ''}\r\n${ada?.email ?? ''}`,
      'wrong.txt': `${ada?.email ?? ''}\nnobody@example.com\nno-such-name`,
    });
    const file = join(folder.path, 'people.txt');
    const holders = async () => {
      const rows = await server.database.User.findAll({ order: [['createdAt', 'ASC']] });
      return rows.map(({ roles, roleEnds }) => [...roles, ...Object.keys(roleEnds)]);
    };

    const wrong = await runAdmin(env, 'role', 'grant', 'gold', join(folder.path, 'wrong.txt'));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain(
      'Nothing was changed. These lines name no account:\n  line 2: nobody@example.com\n  line 3: no-such-name',
    );
    expect(await holders()).toEqual([[], [], []]);
    const missing = await runAdmin(env, 'role', 'grant', 'gold', join(folder.path, 'none.txt'));
    expect(missing.stderr).toContain('The file cannot be read');

    await runAdmin(env, 'user', 'grant', ada?.email ?? '', 'gold', '--until', '2999-12-31');
    const given = await runAdmin(env, 'role', 'grant', 'gold', file, '--until', '2999-12-31');
    expect(given.stdout).toContain(
      '1 of 2 people have the role gold now. 1 had nothing to change.',
    );
    expect(await holders()).toEqual([['gold'], ['gold'], []]);

    const listed = await runAdmin(env, 'role', 'list', '--json');
    const roles = JSON.parse(listed.stdout) as { role: string }[];
    expect(roles.find(({ role }) => role === 'gold')).toEqual({
      ...{ role: 'gold', name: 'Gold member', people: 2, ending: 2 },
      ...{
        nextEnd: '3000-01-01T00:00:00.000Z',
        opens: ['/gold/*', '/download/gold/*', '/wiki/gold/*'],
      },
    });
    expect(roles.find(({ role }) => role === 'operator')).toMatchObject({ people: 0, ending: 0 });
    expect((await runAdmin(env, 'role', 'list')).stdout).toMatch(
      /gold +Gold member +2 +2, the next 3000/,
    );

    const taken = await runAdmin(env, 'role', 'revoke', 'gold', file);
    expect(taken.stdout).toContain('2 of 2 people no longer have the role gold.');
    expect(await holders()).toEqual([[], [], []]);
  });
});
