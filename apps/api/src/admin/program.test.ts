import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { openDatabase } from '@latchkey/db';
import { createTestDatabase, createTestDatabaseUrl, dialects } from '@latchkey/db/testing';
import type { Command } from 'commander';
import { describe, expect, test, vi } from 'vitest';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { confirm } from './ask.ts';
import { formatTable } from './print.ts';
import { createProgram } from './program.ts';

// Each test starts several processes, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

function listCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(listCommands)];
}

test('every command says what it does, and helps', async () => {
  const commands = listCommands(createProgram());
  expect(commands.map((command) => command.name()).sort()).toEqual(
    [
      ...['npm run admin --', 'backup', 'restore', 'doctor', 'check-site', 'password-reset-link'],
      ...['user', 'list', 'show', 'create', 'disable', 'enable', 'delete', 'grant', 'revoke'],
      ...['import', 'export', 'sessions', 'list', 'end', 'migrate', 'status', 'up', 'down'],
      ...['mail', 'list', 'retry', 'log', 'list', 'verify', 'remove-factors', 'rotate-key'],
      ...['role', 'list', 'grant', 'revoke', 'invite', 'create', 'list', 'revoke'],
      ...['approve', 'refuse'],
    ].sort(),
  );
  for (const command of commands) {
    expect(command.description(), command.name()).toMatch(/\w{3}/);
    expect(command.helpInformation(), command.name()).toContain('-h, --help');
  }
  const { code, stdout } = await runAdmin({}, 'user', 'grant', '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run admin -- user grant \[options\] <USER> <ROLE>/);
});

test.each([
  [[], /Usage:/],
  [['user'], /Usage:/],
  [['usr', 'list'], /unknown command/],
  [['user', 'list', '--jason'], /unknown option/],
  [['user', 'show'], /missing required argument/],
  [['password-reset-link'], /missing required argument/],
  [['user', 'grant', 'ada', 'A role'], /a role has at most 30 lower-case letters/],
  [['user', 'create', '--email', 'ada@example.com'], /--name is missing/],
  [['user', 'create', '--email', 'ada', '--name', 'Ada'], /Nobody was added\. email: /],
  [['user', 'import', 'people.txt'], /must end in \.csv or \.jsonl/],
  [['sessions', 'end'], /Name the sessions to end/],
  [['sessions', 'end', '--all'], /Add --yes to confirm/],
  [['migrate', 'down'], /Nothing was changed\. Add --yes/],
  [['migrate', 'down', '--steps', '0'], /a whole number from 1/],
])('called the wrong way it ends with 2 and says so: %j', async (args, message) => {
  await using place = await createTestDatabaseUrl('sqlite');
  const { code, stdout, stderr } = await runAdmin({ DATABASE_URL: place.url }, ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test.each([
  [['user', 'show', 'nobody'], /No account has the id, email or username "nobody"/],
  [['password-reset-link', 'nobody'], /No account has the id, email or username "nobody"/],
  [['sessions', 'end', '1'], /There is no session with this id/],
  [['user', 'import', '/nowhere.csv'], /cannot be read: ENOENT/],
  [['restore', '/nowhere'], /cannot be read: ENOENT/],
])('what cannot be done ends with 1, without a stack: %j', async (args, message) => {
  await using place = await createTestDatabaseUrl('sqlite');
  const { code, stdout, stderr } = await runAdmin({ DATABASE_URL: place.url }, ...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a database that is not there is not made by looking for it', async () => {
  await using folder = await createTemporaryFolder({});
  const env = { DATABASE_URL: `sqlite:${folder.path}/none.sqlite` };
  for (const args of [['user', 'list'], ['migrate', 'status'], ['doctor']]) {
    const { code, stdout, stderr } = await runAdmin(env, ...args);
    expect([args, code]).toEqual([args, 1]);
    expect(stdout + stderr, JSON.stringify(args)).toContain('npm run admin -- migrate up');
  }
  await expect(readFile(`${folder.path}/none.sqlite`)).rejects.toThrow('ENOENT');
});

describe('a confirmation', () => {
  const deed = { what: 'This deletes it.', word: 'ada@example.com', yes: undefined };
  const typing = (text: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    input.end(text);
    return { input, output: new PassThrough() };
  };

  test('is the word, typed', async () => {
    await confirm(deed, typing('ada@example.com\n'));
  });

  test('is the same word in another spelling', async () => {
    await confirm(deed, typing('\u200bada@EXAMPLE.com\n'));
  });

  test.each(['y\n', 'yes\n', '\n', '', 'ada@example.co\n'])('is not %j', async (text) => {
    await expect(confirm(deed, typing(text))).rejects.toThrow('Nothing was changed.');
  });
});

test('a table lets nobody’s text act on the terminal', () => {
  expect(
    formatTable(
      ['A', 'B'],
      [
        ['x\u001B[2Jy\n', 'é'],
        ['z', '\u202Eb'],
      ],
    ),
  ).toBe(
    ['A                  B', 'x\\u001b[2Jy\\u000a  é', 'z                  \\u202eb'].join('\n'),
  );
});

const hash = '$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.';

describe.each(dialects)('an import on %s', (dialect) => {
  const line = (person: object) => JSON.stringify({ name: 'Ada', passwordHash: hash, ...person });
  const file = [
    line({ email: 'good@example.com', username: 'good' }),
    '{"name": ',
    line({ email: 'ada' }),
    '',
    line({ email: 'GOOD@example.com' }),
    line({ email: 'other@example.com', username: 'Good', roles: ['Not A Role'] }),
    line({ email: 'third@example.com', passwordHash: 'hunter2' }),
    line({ email: 'last@example.com', roles: ['member'], createdAt: '2020-01-02T03:04:05Z' }),
  ].join('\n');

  test('names each bad line and imports nothing, or the rest when told to', async () => {
    await using place = await createTestDatabaseUrl(dialect);
    await using folder = await createTemporaryFolder({ 'people.jsonl': file });
    const run = (...more: string[]) =>
      runAdmin(
        { DATABASE_URL: place.url },
        'user',
        'import',
        join(folder.path, 'people.jsonl'),
        ...more,
      );
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^5 lines of .+ cannot be imported\. Nothing was imported\.\n/);
    expect(stderr).toMatch(/ {2}line 2: this is not JSON\n/);
    expect(stderr).toMatch(/ {2}line 3: email: /);
    expect(stderr).toMatch(/ {2}line 5: email: line 1 already has this email\n/);
    expect(stderr).toMatch(/ {2}line 6: roles\.0: a role has/);
    expect(stderr).toMatch(/ {2}line 7: passwordHash: .+not known/);
    expect(stderr).not.toContain('hunter2');

    const database = await openDatabase(place.url);
    expect(await database.User.count()).toBe(0);
    expect(await run('--skip-bad', '--dry-run')).toMatchObject({ code: 0 });
    expect(await database.User.count()).toBe(0);
    expect(await run('--skip-bad')).toMatchObject({ code: 0, stdout: '2 people imported.\n' });
    const last = await database.User.findOne({ where: { email: 'last@example.com' } });
    expect(last).toMatchObject({ roles: ['member'], createdAt: new Date('2020-01-02T03:04:05Z') });
    expect((await run()).stderr).toContain(
      'line 1: email: there is already an account with this email',
    );
    await database.close();
  });
});

describe('CSV', () => {
  test.each([
    ['name,email\nAda,ada@example.com\n', 'Missing: passwordHash.'],
    ['name,email,passwordHash,E-Mail\nAda,a@example.com,$x,\n', 'column email more than once'],
    ['name,email,password_hash,passwordHash\n', 'column passwordHash more than once'],
    ['name,email,passwordHash\n\n , ,\n,,\nAda,ada,$x\n', 'line 5: email: '],
    ['name,email,passwordHash\rAda,ada,$x\r', 'line 2: email: '],
    ['name,email,passwordHash\n"Ada', 'Line 2 has a quotation mark in the wrong place'],
    ['name,email,passwordHash\nAda,ada,$2b$"x\n', 'Line 2 has a quotation mark in the wrong place'],
    ['name,email,passwordHash\nAda,ada@example.com\n', 'line 2: 2 columns instead of 3'],
    ['name,email,passwordHash\n"A\nda",ada@example.com,\nJoan,joan,$x\n', 'line 4: email: '],
    ['name,email,passwordHash\r\n"A\r\nda",ada,\r\nJoan,joan,$x\r\n', 'line 4: email: '],
    [
      Buffer.from('name,email,passwordHash\nZo\u00EB,zoe@example.com,$x\n', 'latin1'),
      'not in UTF-8',
    ],
    [Buffer.from('\uFEFFname,email,passwordHash\n', 'utf16le'), 'not in UTF-8'],
  ])('%j: %s', async (text, message) => {
    await using place = await createTestDatabaseUrl('sqlite');
    await using folder = await createTemporaryFolder({ 'people.csv': text });
    const file = join(folder.path, 'people.csv');
    const { code, stderr } = await runAdmin({ DATABASE_URL: place.url }, 'user', 'import', file);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

test.each([';', '\t', ','])('CSV of a spreadsheet, with %j between, is taken', async (mark) => {
  await using place = await createTestDatabase('sqlite');
  const rows = [
    ['Name', 'E-Mail', 'Password Hash'],
    ['"Müller, Jörg"', 'joerg@example.com', hash],
  ];
  const text = `\uFEFF${rows.map((row) => `${row.join(mark)}\r\n`).join('')}`;
  await using folder = await createTemporaryFolder({ 'people.csv': text });
  const file = join(folder.path, 'people.csv');
  expect(await runAdmin({ DATABASE_URL: place.url }, 'user', 'import', file)).toEqual({
    code: 0,
    stdout: '1 person imported.\n',
    stderr: '',
  });
  expect(await place.database.User.findOne()).toMatchObject({
    name: 'Müller, Jörg',
    email: 'joerg@example.com',
  });
});

describe.each(dialects)('migrate and doctor on %s', (dialect) => {
  test('bring an empty database up, find nothing wrong, and take it down', async () => {
    await using place = await createTestDatabaseUrl(dialect, 'empty');
    await using folder = await createTemporaryFolder({});
    const env = { DATABASE_URL: place.url, DATA_DIR: folder.path };
    expect(await runAdmin(env, 'migrate', 'up')).toMatchObject({ code: 0 });
    const status = await runAdmin(env, 'migrate', 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ pending: [] });

    const healthy = await runAdmin({ ...env, PASSWORD_SCRYPT_LOG2N: '17' }, 'doctor', '--json');
    const { findings } = JSON.parse(healthy.stdout) as {
      findings: { state: string; title: string; detail: string }[];
    };
    expect(findings.find(({ title }) => title === 'database')?.detail).toMatch(
      { sqlite: /answers \(SQLite 3\.[\d.]+\)$/, postgres: /answers \(PostgreSQL [\d.]+\)$/ }[
        dialect
      ],
    );
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
    expect(findings.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['settings', 'database', 'migrations', 'cookie', 'password hash']),
    );
    if (dialect === 'sqlite') {
      // What takes as long as the database is large comes last, and is announced.
      expect(findings.at(-1)?.title).toBe('soundness');
      expect(healthy.stderr).toContain('Reading the whole database');
    }
    expect(healthy.code).toBe(0);

    expect(await runAdmin(env, 'migrate', 'down', '--yes')).toMatchObject({ code: 0 });
    const ill = await runAdmin(env, 'doctor');
    expect(ill.code).toBe(1);
    expect(ill.stdout).toMatch(/PROBLEM +migrations: .+\n +Run npm run admin -- migrate up/);
    const list = await runAdmin(env, 'user', 'list');
    expect(list).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('older than') as string,
    });
  });
});

describe('doctor', () => {
  test('finds what is open to others, and settings that do not go together', async () => {
    await using place = await createTestDatabaseUrl('sqlite');
    await using folder = await createTemporaryFolder({});
    await chmod(place.url.slice('sqlite:'.length), 0o644);
    const env = {
      DATABASE_URL: place.url,
      DATA_DIR: folder.path,
      PUBLIC_URL: 'https://members.example',
      EXPLAIN_LOGIN_ERRORS: 'true',
      ALLOWED_ORIGINS: 'http://other.example',
    };
    const { code, stdout } = await runAdmin(env, 'doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/PROBLEM +file rights: .+ has mode 644.+\n +chmod 600 /);
    expect(stdout).toMatch(/PROBLEM +proxy: .+TRUST_PROXY is 0\n/);
    expect(stdout).toMatch(/warning +origins: /);
    expect(stdout).toMatch(/warning +log-in: /);
    expect(stdout).toMatch(/warning +password hash: .+ ms and 1 MiB/);
    const open = await runAdmin({ DATABASE_URL: place.url, HOST: '0.0.0.0' }, 'doctor');
    expect(open.stdout).toMatch(/PROBLEM +address: HOST is 0\.0\.0\.0/);
  });

  test('names every faulty setting, and a database that does not answer', async () => {
    const faulty = await runAdmin({ PORT: 'x', TRUST_PROXY: '-1' }, 'doctor', '--json');
    expect(faulty.code).toBe(1);
    expect((JSON.parse(faulty.stdout) as { findings: object[] }).findings).toHaveLength(2);
    const DATABASE_URL = 'postgres://user:hunter2@127.0.0.1:1/latchkey';
    const away = await runAdmin({ DATABASE_URL }, 'doctor');
    expect(away.code).toBe(1);
    expect(away.stdout).toMatch(/PROBLEM +database: .+ could not be opened/);
    expect(away.stdout).not.toContain('hunter2');
  });
});
