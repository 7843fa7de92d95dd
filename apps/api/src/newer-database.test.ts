import { migrate, openDatabase } from '@latchkey/db';
import { createTestDatabaseUrl, dialects } from '@latchkey/db/testing';
import { expect, test } from 'vitest';
import { runAdmin } from './testing/run-admin.ts';
import { runProgram } from './testing/run-program.ts';

/** A database in which a later version of this program ran one migration more. */
async function makeNewer(url: string): Promise<void> {
  const database = await openDatabase(url);
  await migrate(database);
  await database.sequelize.query(
    "INSERT INTO migrations (name, executed_at) VALUES ('2999-01-01-later', CURRENT_TIMESTAMP)",
  );
  await database.close();
}

test.each(dialects)('a database newer than the program is refused, on %s', async (dialect) => {
  await using place = await createTestDatabaseUrl(dialect, 'empty');
  await makeNewer(place.url);
  const env = { DATABASE_URL: place.url };
  const sentence = /newer than this program.*2999-01-01-later/;
  await using server = runProgram('main.ts', env);
  const ended = await server.waitForEnd();
  expect([ended.code, ended.output]).toEqual([1, expect.stringMatching(sentence)]);
  expect(ended.output).not.toContain('    at ');
  for (const command of [['doctor'], ['user', 'list'], ['migrate', 'up']]) {
    const { code, stdout, stderr } = await runAdmin(env, ...command);
    expect([command, code]).toEqual([command, 1]);
    expect(stdout + stderr, JSON.stringify(command)).toMatch(sentence);
  }
  const status = await runAdmin(env, 'migrate', 'status');
  expect(status.stdout).toMatch(/2999-01-01-later +done by a newer version/);
});
