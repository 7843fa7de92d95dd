import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { describe, expect, test, vi } from 'vitest';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

const passwordHash = '$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.';
const names = [
  ...['=HYPERLINK("https://evil.example")', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠1'],
  ...["'=1", "''+1", "O'Brien", "'", 'Ada;=1', 'Ada;@x;-y', '"quoted", and more', 'a=b', 'Zoë 🎈'],
];
const emails = ['=ada@example.com', '+x@xn--exmple-cua.de', '-@[192.0.2.1]', 'josé@example.com'];

describe.each(dialects)('people who go out and come back on %s', (dialect) => {
  test.each(['all.csv', 'all.jsonl'])(
    'in %s are who they were, and run in no spreadsheet',
    async (name) => {
      await using place = await createTestDatabase(dialect);
      await using other = await createTestDatabase(dialect);
      await using folder = await createTemporaryFolder({});
      const people = names.map((name, index) => ({
        name,
        email: emails[index] ?? `person-${index}@example.com`,
        username: index % 2 ? `person-${index}` : null,
        roles: index % 3 ? [] : ['member', 'editor'],
        disabledAt: index % 4 ? null : new Date('2026-01-02T03:04:05Z'),
        passwordHash,
      }));
      await place.database.User.bulkCreate(people);
      const file = join(folder.path, name);
      expect(await runAdmin({ DATABASE_URL: place.url }, 'user', 'export', file)).toEqual({
        code: 0,
        stderr: '',
        stdout: `${names.length} people in ${file}, with password hashes. Keep the file safe.\n`,
      });
      const text = await readFile(file, 'utf8');
      expect(text).toContain('+x@exämple.de');
      if (name.endsWith('.csv')) expect(text).not.toMatch(/(^|[,;])"?[=+\-@＝＋－＠]/m);
      expect(await runAdmin({ DATABASE_URL: other.url }, 'user', 'import', file)).toMatchObject({
        code: 0,
        stderr: '',
      });
      const read = async ({ database }: typeof place) =>
        (await database.User.findAll({ order: ['id'] })).map((user) => {
          const { updatedAt: _time, ...kept } = user.get({ plain: true });
          return kept;
        });
      expect(await read(other)).toEqual(await read(place));
    },
  );

  test.each([['backup'], ['user', 'export']])(
    '%s %s writes into no file of somebody else',
    async (...command) => {
      await using place = await createTestDatabase(dialect);
      await using folder = await createTemporaryFolder({ 'theirs.txt': 'theirs' });
      const file = join(folder.path, 'all.csv');
      await symlink(join(folder.path, 'theirs.txt'), `${file}.partial`);
      const { code, stderr } = await runAdmin({ DATABASE_URL: place.url }, ...command, file);
      expect([code, stderr]).toEqual([0, '']);
      expect(await readFile(join(folder.path, 'theirs.txt'), 'utf8')).toBe('theirs');
      expect((await readdir(folder.path)).sort()).toEqual([
        'all.csv',
        'all.csv.partial',
        'theirs.txt',
      ]);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
  );
});

test('Paths count from where the person stands, and are told whole', async () => {
  await using place = await createTestDatabase('sqlite');
  await using folder = await createTemporaryFolder({});
  const home = join(folder.path, 'home');
  await mkdir(home);
  const env = { DATABASE_URL: place.url, INIT_CWD: home };
  const run = (...args: string[]) => runAdmin(env, ...args);
  expect((await run('user', 'export', 'all.csv')).stdout).toContain(` in ${home}/all.csv, `);
  expect((await run('user', 'export', './all.csv')).stderr).toContain(`${home}/all.csv exists.`);
  expect((await run('user', 'export', 'no/all.csv')).stderr).toContain(`no folder ${home}/no.`);
  expect((await run('user', 'import', 'all.csv')).stdout).toBe('0 people imported.\n');
  expect((await run('user', 'import', 'none.csv')).stderr).toContain(`'${home}/none.csv'`);
  expect((await run('backup', '../all.backup')).stdout).toContain(
    ` in ${folder.path}/all.backup (`,
  );
  expect((await run('restore', '../all.backup')).stdout).toContain('0 rows restored.');
  expect((await run('restore', 'none')).stderr).toContain(`'${home}/none'`);
  await writeFile(join(home, 'bad.csv'), 'name,email,passwordHash\nAda,ada,$x\n');
  expect((await run('user', 'import', 'bad.csv')).stderr).toContain(`1 line of ${home}/bad.csv `);
});

// ASVS 16.4.1
test('Nothing that the commands print acts on the terminal', async () => {
  await using place = await createTestDatabase('sqlite');
  const acting = 'Ada\u001b[2J\u007f\u009b\u202eb\u200bc\u2066\u061c\r\n';
  const email = 'ada@xn--exmple-cua.de';
  await place.database.User.create({ name: acting, email, passwordHash });
  const env = { DATABASE_URL: place.url };
  const unsafe = /[^\P{C}\n\u200c\u200d]|\p{Bidi_Control}/u;
  for (const args of [
    ...[['user', 'list'], ['user', 'list', '--json'], ['user', 'show', email], ['usr\u001b[2J']],
    ...[
      ['user', 'show', email, '--json'],
      ['user', 'show', 'x\u001b[2J'],
      ['user', '--x\u009b2J'],
    ],
    ...[
      ['user', 'disable', email],
      ['user', 'grant', 'ada@exämple.de', 'x\u202e'],
    ],
    ...[['user', 'import', '/none\u001b[2J.csv'], ['backup', '/none\u001b/x'], ['doctor']],
    ...[
      ['password-reset-link', email, '--json'],
      ['user', 'delete', email, '--yes'],
    ],
  ]) {
    const { stdout, stderr } = await runAdmin(env, ...args);
    expect([args, unsafe.test(stdout + stderr)]).toEqual([args, false]);
    if (args.includes('--json') && args[1] === 'show') {
      expect(JSON.parse(stdout), JSON.stringify(args)).toMatchObject({
        name: acting,
        email: 'ada@exämple.de',
      });
    }
  }
});
