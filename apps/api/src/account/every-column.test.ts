import { createTestDatabase, dialects } from '@latchkey/db/testing';
import type { Database } from '@latchkey/db';
import { personFields } from '@latchkey/shared';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { QueryTypes } from 'sequelize';
import { describe, expect, test, vi } from 'vitest';
import { builtFolder } from '../testing/fixture-site.ts';
import { makePerson, signUp } from '../testing/people.ts';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

// The CLI is a process of its own, and other tests may have the cores.
vi.setConfig({ testTimeout: 120_000 });

/** Columns that are left out of a place, each for a reason. */
const leftOut = {
  export: [
    'passwordHash', // a secret
    'disabledAt', // whoever is disabled exports nothing
    'waitingSince', // nor does whoever waits
  ],
  show: [
    'passwordHash', // a secret: its scheme is shown
  ],
  file: [
    'updatedAt', // it tells of the row, and the import makes a new one
  ],
  register: [
    'disabledAt', // the operator's to set
    'waitingSince', // for the operator's approval, where it is asked for
  ],
};

const listColumns = ({ User }: Database) => Object.keys(User.getAttributes());
const listBut = (database: Database, names: string[]) =>
  listColumns(database).filter((column) => !names.includes(column));

/** A person's row with every time as text. */
async function readRow({ User }: Database, email: string): Promise<Record<string, unknown>> {
  const user = await User.findOne({ where: { email }, rejectOnEmpty: true });
  // Not toJSON(): it leaves the hash out.
  return JSON.parse(JSON.stringify(user.get({ plain: true }))) as Record<string, unknown>;
}

const pick = (row: object, columns: string[]) =>
  Object.fromEntries(columns.map((column) => [column, (row as Record<string, unknown>)[column]]));

/** Somebody who has a value in every column. */
async function signUpWhole(server: TestServer) {
  const signedUp = await signUp(server);
  const { email } = signedUp.person;
  // One that has ended is kept, and is no role of the person's any more.
  const roleEnds = { guest: '2026-11-01T00:00:00.000Z' };
  await server.database.User.update(
    { roles: ['member', 'editor'], roleEnds },
    { where: { email } },
  );
  return { ...signedUp, email, env: { DATABASE_URL: server.deps.settings.databaseUrl } };
}

async function disable({ User }: Database, email: string): Promise<void> {
  await User.update({ disabledAt: new Date(), waitingSince: new Date() }, { where: { email } });
}

/** Everything in the database, as one text. */
async function dump({ sequelize }: Database): Promise<string> {
  const tables = await sequelize.getQueryInterface().showAllTables();
  const rows = tables.map((table) =>
    sequelize.query(`SELECT * FROM "${table}"`, { type: QueryTypes.SELECT }),
  );
  return JSON.stringify(await Promise.all(rows));
}

/** The values of a person's columns, as `dump` shows them. */
async function readValues({ sequelize }: Database): Promise<string[]> {
  const [row = {}] = await sequelize.query('SELECT * FROM users', { type: QueryTypes.SELECT });
  return Object.values(row).map((value) => JSON.stringify(value));
}

/** Fields of the built form for registering. */
async function readForm(): Promise<string[]> {
  const html = await readFile(join(builtFolder, 'register.html'), 'utf8');
  const [form = ''] = /<form[^>]*action="\/register"[\s\S]*?<\/form>/.exec(html) ?? [];
  return [...form.matchAll(/<input[^>]*\bname="([^"]+)"/g)].map(([, name = '']) => name);
}

describe.each(dialects)('on %s, every column of a person', (dialect) => {
  // ASVS 6.4.2
  test('is filled by registering, with the fields of the form', async () => {
    await using server = await startTestServer(dialect);
    const { email } = await signUpWhole(server);
    const row = await readRow(server.database, email);
    const columns = listBut(server.database, leftOut.register);
    expect(columns.filter((column) => row[column] === null)).toEqual([]);

    const names = await readForm();
    expect(names).toEqual(expect.arrayContaining(personFields));
    const typed = pick(makePerson(), [...personFields, 'password']) as Record<string, string>;
    await server.openBrowser().fetch('/register', {
      method: 'POST',
      body: new URLSearchParams(typed),
      redirect: 'manual',
    });
    const written = await readRow(server.database, typed['email'] ?? '');
    expect(pick(written, personFields)).toEqual(pick(typed, personFields));
  });

  test('is in the export of their account', async () => {
    await using server = await startTestServer(dialect);
    const { client, email } = await signUpWhole(server);
    const { user } = await client.account.export.mutate({});
    const columns = listBut(server.database, leftOut.export);
    expect(user).toEqual(pick(await readRow(server.database, email), columns));
  });

  test('is shown by the CLI, as a table and as JSON', async () => {
    await using server = await startTestServer(dialect);
    const { email, env } = await signUpWhole(server);
    await disable(server.database, email);
    const shown = pick(
      await readRow(server.database, email),
      listBut(server.database, leftOut.show),
    );
    const { stdout: json } = await runAdmin(env, 'user', 'show', email, '--json');
    expect(JSON.parse(json)).toMatchObject(shown);
    const { stdout: table } = await runAdmin(env, 'user', 'show', email);
    const lines = table.split('\n').map((line) => line.split(/ {2,}/));
    for (const [column, value] of Object.entries(shown)) {
      const pairs = (ends: object) => Object.entries(ends).map((pair) => pair.join('='));
      const text = (
        value instanceof Object && !Array.isArray(value) ? pairs(value) : [value].flat()
      ).join(' ');
      expect(lines).toContainEqual([column, text]);
    }
  });

  test.each(['csv', 'jsonl'])('is in a file of the CLI and comes back: %s', async (format) => {
    await using server = await startTestServer(dialect);
    await using other = await createTestDatabase(dialect);
    await using folder = await createTemporaryFolder({});
    const { email, env } = await signUpWhole(server);
    await disable(server.database, email);
    const file = join(folder.path, `people.${format}`);
    await runAdmin(env, 'user', 'export', file);
    await runAdmin({ DATABASE_URL: other.url }, 'user', 'import', file);
    const columns = listBut(server.database, leftOut.file);
    const before = pick(await readRow(server.database, email), columns);
    expect(pick(await readRow(other.database, email), columns)).toEqual(before);
    expect(Object.values(before)).not.toContain(null);
  });

  test.each(['their own hand', 'the CLI'])('is in no table after deletion by %s', async (hand) => {
    await using server = await startTestServer(dialect);
    const { client, email, env, person } = await signUpWhole(server);
    const values = (await readValues(server.database)).filter((value) => value !== 'null');
    const before = await dump(server.database);
    expect(values.filter((value) => !before.includes(value))).toEqual([]);
    expect(values.length).toBeGreaterThanOrEqual(
      listColumns(server.database).length - leftOut.register.length,
    );
    if (hand === 'the CLI') await runAdmin(env, 'user', 'delete', email, '--yes');
    else await client.account.delete.mutate({ email, currentPassword: person.password });
    const after = await dump(server.database);
    expect(values.filter((value) => after.includes(value))).toEqual([]);
  });
});
