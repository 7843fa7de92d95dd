import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { createTestDatabaseUrl, dialects } from './testing/index.ts';

const entry = JSON.stringify(new URL('./index.ts', import.meta.url).href);
const registerUntilKilled = `
  const { openDatabase } = await import(${entry});
  const { sequelize, User } = await openDatabase(process.argv[1]);
  for (let index = 0; ; index += 1) {
    await sequelize.transaction((transaction) =>
      User.create({ name: 'n', email: index + '@example.com', passwordHash: '$x' }, { transaction }));
    process.stdout.write(index + '\\n');
  }`;

test.each(dialects)('%s keeps every answered write through kill -9', async (dialect) => {
  await using place = await createTestDatabaseUrl(dialect);
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', registerUntilKilled, place.url],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let answers = '';
  child.stdout.on('data', (data: Buffer) => {
    answers += data.toString();
    if (answers.split('\n').length > 20) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const lastAnswered = Number(answers.split('\n').at(-2));
  expect(lastAnswered).toBeGreaterThanOrEqual(19);
  const database = await openDatabase(place.url);
  expect(await database.User.count()).toBeGreaterThanOrEqual(lastAnswered + 1);
  await database.close();
});
