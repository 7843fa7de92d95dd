import { writeFile } from 'node:fs/promises';
import { createTestDatabase, createTestDatabaseUrl } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { runAdmin, runAdminWithoutRoom } from '../testing/run-admin.ts';
import { runProgram } from '../testing/run-program.ts';

/** Room for what SQLite needs to read, and less than the log that is there already. */
const KIBIBYTES = 36;

/** A database whose log is longer than a file may be for whoever has so little room. */
async function createFullDatabase() {
  const place = await createTestDatabase('sqlite');
  for (let index = 0; index < 40; index += 1) {
    const email = `ada-${index}@example.com`;
    await place.database.User.create({ name: 'Ada', email, passwordHash: '$scrypt$' });
  }
  return place;
}

test('The command line says in a sentence that the disk takes no more, and reads on', async () => {
  await using place = await createFullDatabase();
  const env = { DATABASE_URL: place.url };
  const run = (...args: string[]) => runAdminWithoutRoom(KIBIBYTES, env, ...args);
  const list = await run('user', 'list');
  expect([list.code, list.stderr]).toEqual([0, '']);
  const created = await run('user', 'create', '--name', 'Zoë', '--email', 'zoe@example.com');
  expect(created.code).toBe(1);
  expect(created.stderr).toMatch(/^The disk of the database .+\(SQLITE_\w+\)\n$/);
});

test('doctor calls a database that takes no write a problem, and says what to do', async () => {
  await using place = await createFullDatabase();
  const env = { DATABASE_URL: place.url };
  const { code, stdout } = await runAdminWithoutRoom(KIBIBYTES, env, 'doctor');
  expect(code).toBe(1);
  expect(stdout).toMatch(/PROBLEM {2}writing: SQLITE_.+\n +The disk of the database /);
  expect((await runAdmin(env, 'doctor')).stdout).toContain('ok       writing: ');
});

test('The start says in a sentence what is wrong with the database', async () => {
  await using place = await createTestDatabaseUrl('sqlite', 'empty');
  await writeFile(place.url.slice('sqlite:'.length), 'This is a letter, no database.'.repeat(99));
  await using program = runProgram('main.ts', { DATABASE_URL: place.url });
  const { code, output } = await program.waitForEnd();
  expect(code).toBe(1);
  expect(output).toMatch(/^The database sqlite:.+ could not be opened: .+last backup.+\n$/);
});
