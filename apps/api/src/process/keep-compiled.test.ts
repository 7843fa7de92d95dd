import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('What is compiled is kept with the packages, which only their owner can change', async () => {
  const program = `
    const { keepCompiled } = await import('./keep-compiled.ts');
    const { getCompileCacheDir } = await import('node:module');
    keepCompiled();
    console.log(getCompileCacheDir());`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: import.meta.dirname, env: {} },
  );
  expect(stdout).toContain('/node_modules/.cache/latchkey-compiled/');
});
