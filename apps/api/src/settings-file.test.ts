import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from './testing/run-program.ts';
import { createTemporaryFolder } from './testing/temporary-folder.ts';

test('LATCHKEY_ENV_FILE names the file to read, or none', async () => {
  await using folder = await createTemporaryFolder({ 'others.env': 'FREE_READS=many' });
  const env = { DATA_DIR: join(folder.path, 'data') };
  const file = join(folder.path, 'others.env');
  await using misled = runProgram('migrate.ts', { ...env, LATCHKEY_ENV_FILE: file });
  const { code, output } = await misled.waitForEnd();
  expect([code, output]).toEqual([1, expect.stringContaining('FREE_READS must be')]);
  await using alone = runProgram('migrate.ts', { ...env, LATCHKEY_ENV_FILE: ' ' });
  expect(await alone.waitForEnd()).toMatchObject({ code: 0 });
});
