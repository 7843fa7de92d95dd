import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { loadSettingsFile } from './settings-file.ts';
import { loadSettings, settingNames, SettingsError } from './settings.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { runProgram } from '../testing/run-program.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

afterEach(() => vi.unstubAllEnvs());

/** Reads the settings from a file of these bytes, which lies in `folder`. */
async function load(content: string | Buffer, folder: string) {
  const file = join(folder, 'settings');
  await writeFile(file, content);
  vi.stubEnv('LATCHKEY_ENV_FILE', file);
  try {
    return { settings: loadSettings(), faults: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const lines = error.message.split('\n').slice(1, -1);
    return { faults: lines.map((line) => line.trim().replace(`${file}, `, '')) };
  }
}

test.each([
  ['plain', 'REGISTRATION=closed'],
  ['after a byte order mark', '\ufeffREGISTRATION=closed\n'],
  ['with line ends of Windows', '# ours\r\nREGISTRATION=closed\r\nPORT=1\r\n'],
  ['with line ends of old Macs', '# ours\rREGISTRATION=closed\rPORT=1'],
  ['exported, as shells do it', 'export REGISTRATION=closed'],
  ['with spaces and tabs around', ' \tREGISTRATION \t= closed\t '],
  ['in single quotes', "REGISTRATION='closed'"],
  ['in double quotes with a comment', 'REGISTRATION = "closed" # for now'],
  ['in backticks', 'REGISTRATION=`closed`'],
  ['before a comment', 'REGISTRATION=closed #for now'],
  ['below comments and blank lines', '\n  # REGISTRATION=open\n\t\nREGISTRATION=closed'],
])('a value %s is understood', async (_, content) => {
  await using folder = await createTemporaryFolder({});
  expect((await load(content, folder.path)).settings?.registration).toBe('closed');
});

test.each([
  ['REGISTRATON=closed', 'line 1: REGISTRATON is no setting. Did you mean REGISTRATION?'],
  ['\nregistration=closed', 'line 2: registration is no setting. Did you mean REGISTRATION?'],
  ['Registration=closed', 'line 1: Registration is no setting. Did you mean REGISTRATION?'],
  ['LATCHKEY_PORT=1', 'line 1: LATCHKEY_PORT is no setting. Did you mean PORT?'],
  ['TRUST-PROXY=1', 'line 1: TRUST-PROXY is no setting. Did you mean TRUST_PROXY?'],
  ['SESSION_IDLE=1', 'line 1: SESSION_IDLE is no setting. Did you mean SESSION_IDLE_SECONDS?'],
  ['ALLOWED_ORIGIN=x', 'line 1: ALLOWED_ORIGIN is no setting. Did you mean ALLOWED_ORIGINS?'],
  ['REGISTRATION: closed', 'line 1 has ":" after the name. Write NAME=value, with "=".'],
  ['REGISTRATION:closed', 'line 1 has ":" after the name. Write NAME=value, with "=".'],
  ['REGISTRATION', 'line 1 is not of the form NAME=value.'],
  ['REGISTRATION closed', 'line 1 is not of the form NAME=value.'],
  ['=closed', 'line 1 is not of the form NAME=value.'],
  ['[latchkey]', 'line 1 is not of the form NAME=value.'],
  ['; a comment', 'line 1 begins with ";". A comment begins with "#".'],
  ['PORT=1\nPORT=2', 'line 2 sets PORT again, after line 1. Keep one of them.'],
  ['REGISTRATION="closed', 'line 1 has a quote (") that is not closed on the same line.'],
  ['DATA_DIR=\'a"', "line 1 has a quote (') that is not closed on the same line."],
  ['DATA_DIR=a"', expect.stringMatching(/^line 1 has a quote inside its value\./)],
  ['DATA_DIR="a" b', expect.stringMatching(/^line 1 goes on after its closing quote\./)],
  ['REGISTRATION=“closed”', expect.stringMatching(/^line 1 has typographic quotes\./)],
  ['METRICS_TOKEN=abcdefghijklmnop#q', expect.stringMatching(/^line 1 has "#" in its value\./)],
  ['DATABASE_URL=postgres://u:p#ss@h/db', expect.stringMatching(/^line 1 has "#" in its value\./)],
  [
    "DATABASE_URL='postgres://u:p#ss@h/db'",
    expect.stringMatching(/^line 1: DATABASE_URL must .*%23/),
  ],
  ['DATA_DIR=$HOME/data', expect.stringMatching(/^line 1 has "\$" or/)],
  ['METRICS_TOKEN="${TOKEN_OF_THE_VAULT}"', expect.stringMatching(/^line 1 has "\$" or/)],
  ["DATA_DIR='$HOME/data'", expect.stringMatching(/^line 1: DATA_DIR must be a path as it is/)],
  ['DATA_DIR=~/data', expect.stringMatching(/^line 1: DATA_DIR must be a path as it is/)],
  ['DATABASE_URL=sqlite:~/a.sqlite', expect.stringMatching(/^line 1: DATABASE_URL must be a path/)],
  ['DATA_DIR=data;', expect.stringMatching(/^line 1 ends with ";"\./)],
  ['REGISTRATION\u200b=closed', expect.stringMatching(/^line 1 has an invisible .*\(U\+200B\)/)],
  ['REGISTRATION=\u00a0closed', expect.stringMatching(/^line 1 has an invisible .*\(U\+00A0\)/)],
  ['PORT=1\n\ufeffREGISTRATION=closed', expect.stringMatching(/^line 2 has an invisible/)],
  ['LATCHKEY_ENV_FILE=x', 'line 1: LATCHKEY_ENV_FILE works in the environment alone.'],
  ['REGISTRATION=Closed', 'line 1: REGISTRATION must be open, approval, invited or closed.'],
  ['EXPLAIN_LOGIN_ERRORS=TRUE', 'line 1: EXPLAIN_LOGIN_ERRORS must be true or false.'],
])('%j is named', async (content, sentence: unknown) => {
  await using folder = await createTemporaryFolder({});
  expect((await load(content, folder.path)).faults).toEqual([sentence]);
});

test('what is named shows no value, and all of it is named at once', async () => {
  await using folder = await createTemporaryFolder({});
  const lines = ['METRICS_TOKEN: hunter2hunter2', 'hunter2hunter2=', 'DATA_DIR="hunter2', 'PORT=x'];
  const { faults } = await load(lines.join('\n'), folder.path);
  expect(faults).toHaveLength(3);
  expect(faults.join()).not.toContain('hunter2');
});

test.each([
  ['UTF-16 of little endian', Buffer.from('\ufeffREGISTRATION=closed', 'utf16le')],
  ['UTF-16 of big endian', Buffer.from('\ufeffREGISTRATION=closed', 'utf16le').swap16()],
  ['UTF-16 without a mark', Buffer.from('REGISTRATION=closed', 'utf16le')],
  ['NUL bytes', Buffer.from('REGISTRATION=closed\0')],
  ['Latin-1', Buffer.from('# für alle\nREGISTRATION=closed', 'latin1')],
  ['too much', Buffer.alloc(100_000, '#')],
])('a file of %s is refused', async (_, content) => {
  await using folder = await createTemporaryFolder({});
  const { faults } = await load(content, folder.path);
  expect(faults).toEqual([expect.stringMatching(/settings (is saved|has letters|has more).*\.$/)]);
});

const known = settingNames;

test('a folder, a link that leads nowhere and a file that is missing are named', async () => {
  await using folder = await createTemporaryFolder({});
  const at = (name: string) => join(folder.path, name);
  const faultsOf = (name: string, isChosen = false) =>
    loadSettingsFile(at(name), { isChosen, known }).faults;
  await mkdir(at('folder'));
  await symlink(at('nowhere'), at('link'));
  await symlink(at('circle'), at('circle'));
  expect(faultsOf('folder')).toEqual([expect.stringMatching(/^folder is a folder\./)]);
  expect(faultsOf('link')).toEqual([expect.stringMatching(/a link that leads nowhere/)]);
  expect(faultsOf('circle')).toEqual([expect.stringMatching(/leads back to itself/)]);
  expect(faultsOf('missing')).toEqual([]);
  expect(faultsOf('missing', true)).toEqual([expect.stringMatching(/missing is missing/)]);
});

test('other programs’ names and files that are not read are warned of', async () => {
  const env = 'TZ=UTC\nMY_OWN_KEY=1\nPORT=1';
  const files = {
    '.env': env,
    '.env.local': '',
    '.env.txt': '',
    '.env.example': '',
    environment: '',
  };
  await using folder = await createTemporaryFolder(files);
  const { warnings, faults, values } = loadSettingsFile(join(folder.path, '.env'), {
    isChosen: false,
    known,
  });
  expect([faults, values]).toEqual([[], { PORT: '1' }]);
  expect(warnings.sort()).toEqual([
    expect.stringMatching(/^\.env, line 1: TZ is no setting .* The nearest is [A-Z_]+\.$/),
    expect.stringMatching(/^\.env, line 2: MY_OWN_KEY is no setting/),
    'The file .env.local is not read. Write its settings into .env.',
    'The file .env.txt is not read. Write its settings into .env.',
  ]);
});

test('the environment goes before the file, and an empty variable does not', async () => {
  await using folder = await createTemporaryFolder({});
  vi.stubEnv('FREE_READS', '7');
  vi.stubEnv('REGISTRATION', ' ');
  const { settings } = await load('FREE_READS=many\nREGISTRATION=closed', folder.path);
  expect(settings).toMatchObject({ freeReads: 7, registration: 'closed' });
});

test('a variable that is nearly a setting is warned of, and other programs’ are not', async () => {
  await using folder = await createTemporaryFolder({});
  for (const name of [
    'REGISTRATON',
    'trust_proxy',
    'LATCHKEY_SECRET',
    'SESSION_MANAGER',
    'HOSTS',
  ]) {
    vi.stubEnv(name, 'closed');
  }
  const { settings } = await load('', folder.path);
  const named = settings?.warnings.flatMap(
    (text) => /variable (\S+) is no setting/.exec(text)?.[1],
  );
  expect(named?.sort()).toEqual(['LATCHKEY_SECRET', 'REGISTRATON', 'trust_proxy']);
});

test('the server, the migration and the operator’s commands tell the same faults', async () => {
  await using folder = await createTemporaryFolder({ settings: 'REGISTRATON=closed\nPORT: 1' });
  const file = join(folder.path, 'settings');
  const env = { DATA_DIR: join(folder.path, 'data'), LATCHKEY_ENV_FILE: file };
  const told = [`${file}, line 1: REGISTRATON is no setting`, `${file}, line 2 has ":"`];
  for (const program of ['main.ts', 'migrate.ts', 'seed.ts', 'print-settings.ts']) {
    await using run = runProgram(program, env);
    const { code, output } = await run.waitForEnd();
    expect([program, code]).toEqual([program, 1]);
    for (const sentence of told) expect(output).toContain(sentence);
    expect(output, program).not.toContain('    at ');
  }
  for (const command of [['doctor'], ['user', 'list']]) {
    const { code, stdout, stderr } = await runAdmin(env, ...command);
    expect([command, code]).toEqual([command, 1]);
    for (const sentence of told) expect(stdout + stderr).toContain(sentence);
  }
});
