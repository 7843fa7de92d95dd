import { readInOrder } from '@latchkey/db';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, dialects } from '@latchkey/db/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../settings/settings.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { addPeople } from './import-people.ts';
import { runAdmin } from '../testing/run-admin.ts';

const sequence = (length: number) => Array.from({ length }, (_, index) => index);

/** People of whom many were made at the same moment, and the longest name comes last. */
async function createCrowd(dialect: (typeof dialects)[number], size: number) {
  const place = await createTestDatabase(dialect);
  const people = sequence(size).map((index) => ({
    name: index === size - 1 ? 'Augusta Ada King, Countess of Lovelace' : `Ada ${index}`,
    email: `ada-${index}@example.com`,
    roles: index % 3 === 0 ? ['member', 'editor'] : [],
    passwordHash: '$scrypt$',
    createdAt: new Date(1_700_000_000_000 + Math.floor(index / 100) * 1000),
  }));
  await place.database.User.bulkCreate(people);
  return place;
}

describe.each(dialects)('A long list on %s', (dialect) => {
  test('is read a page at a time, each row once, in its order', async () => {
    await using place = await createCrowd(dialect, 450);
    const { User } = place.database;
    const wanted = (await User.findAll({ order: ['createdAt', 'id'] })).map(({ id }) => id);
    const read: string[] = [];
    for await (const { id } of readInOrder(User, { by: ['createdAt', 'ASC'], pageRows: 70 }))
      read.push(id);
    expect(read).toEqual(wanted);
    const back: string[] = [];
    for await (const { id } of readInOrder(User, { by: ['createdAt', 'DESC'], pageRows: 150 }))
      back.push(id);
    expect(back).toEqual(wanted.toReversed());
  });

  test('is aligned, is JSON, and is written to a file whole', async () => {
    await using place = await createCrowd(dialect, 2500);
    await using folder = await createTemporaryFolder({});
    const env = { DATABASE_URL: place.url };
    const [table, json] = await Promise.all([
      runAdmin(env, 'user', 'list'),
      runAdmin(env, 'user', 'list', '--json'),
    ]);
    const [head = '', ...lines] = table.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2500);
    const email = head.indexOf('EMAIL');
    const state = head.indexOf('STATE');
    expect(lines.every((line) => line.slice(email, email + 4) === 'ada-')).toBe(true);
    expect(lines.every((line) => line.slice(state, state + 7) === 'enabled')).toBe(true);
    const listed = JSON.parse(json.stdout) as { email: string }[];
    expect(new Set(listed.map((person) => person.email)).size).toBe(2500);
    expect(json.stdout).toBe(`${JSON.stringify(listed, null, 2)}\n`);
    const file = join(folder.path, 'people.csv');
    expect((await runAdmin(env, 'user', 'export', file)).stdout).toContain('2500 people');
    const rows = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(2501);
    expect(rows.filter((row) => row.startsWith('id,'))).toHaveLength(1);
  });

  test('of sessions is ended whole, and everybody reads of it', async () => {
    await using place = await createCrowd(dialect, 1200);
    const { Activity, Session, User } = place.database;
    const people = await User.findAll({ attributes: ['id'] });
    const ends = new Date(Date.now() + 3_600_000);
    await Session.bulkCreate(
      [...people, ...people.slice(0, 100)].map(({ id: userId }, index) => ({
        userId,
        tokenHash: index.toString(16).padStart(64, '0'),
        staySignedIn: false,
        authenticatedAt: new Date(),
        lastSeenAt: new Date(),
        idleExpiresAt: ends,
        expiresAt: ends,
      })),
    );
    const env = { DATABASE_URL: place.url };
    const { stdout } = await runAdmin(env, 'sessions', 'end', '--all', '--yes');
    expect(stdout).toBe('1300 sessions ended.\n');
    expect(await Session.count()).toBe(0);
    expect(await Activity.count({ where: { event: 'signed-out-by-operator' } })).toBe(1200);
  });

  test('of people is imported whole or not at all', async () => {
    await using place = await createTestDatabase(dialect);
    const { Activity, User } = place.database;
    const people = sequence(1200).map((index) => ({
      name: `Ada ${index}`,
      email: `ada-${index}@example.com`,
      username: null,
      passwordHash: '$scrypt$',
      roles: [],
      roleEnds: {},
      disabledAt: null,
      waitingSince: null,
    }));
    const takenMeanwhile = { ...people.at(-1), name: 'Ada', email: 'ADA-1199@example.com' };
    const other = await User.create({ ...takenMeanwhile, passwordHash: '$scrypt$' });
    const context = { database: place.database, settings: { securityLogDays: 0 } };
    await expect(addPeople(context, people)).rejects.toThrow();
    expect([await User.count(), await Activity.count()]).toEqual([1, 0]);
    await other.destroy();
    await addPeople(context, people);
    expect([await User.count(), await Activity.count()]).toEqual([1200, 1200]);
  });
});

test('A list beyond 5,000 people keeps its columns, and of a longer text nothing is cut', async () => {
  await using place = await createCrowd('sqlite', 5500);
  const { stdout } = await runAdmin({ DATABASE_URL: place.url }, 'user', 'list');
  const [head = '', ...lines] = stdout.trimEnd().split('\n');
  const email = head.indexOf('EMAIL');
  const isInLine = (line: string) => line.slice(email, email + 4) === 'ada-';
  const outOfLine = lines.filter((line) => !isInLine(line));
  expect(lines).toHaveLength(5500);
  expect(outOfLine).toEqual([
    expect.stringContaining('Augusta Ada King, Countess of Lovelace  ada-5499@example.com'),
  ]);
});

test('Where nobody is there is an empty list', async () => {
  await using place = await createTestDatabase('sqlite');
  const env = { DATABASE_URL: place.url };
  expect((await runAdmin(env, 'user', 'list', '--json')).stdout).toBe('[]\n');
  expect((await runAdmin(env, 'sessions', 'list', '--json')).stdout).toBe('[]\n');
  expect((await runAdmin(env, 'user', 'list')).stdout).toMatch(/^ID +NAME +EMAIL.+CREATED\n$/);
});

test('Whoever reads no further than the first lines ends a list quietly', async () => {
  await using place = await createCrowd('sqlite', 6000);
  const program = resolve(projectRoot, 'apps/api/src/admin/main.ts');
  const child = spawn(process.execPath, [program, 'user', 'list'], {
    env: { DATABASE_URL: place.url, LATCHKEY_ENV_FILE: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.once('data', () => child.stdout.destroy());
  expect((await once(child, 'close'))[0]).toBe(0);
  expect(complaints).toBe('');
});
