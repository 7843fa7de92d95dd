import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { readTextFiles } from './built-files.ts';

test('every text of a build is read, whatever its name ends in', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'search'));
  await writeFile(join(folder, 'index.html'), '<h1>Tür</h1>');
  await writeFile(join(folder, 'humans'), 'Ada');
  await writeFile(join(folder, 'search/one.fragment'), gzipSync('{"content":"Plan"}'));
  await writeFile(join(folder, 'door.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  await writeFile(join(folder, 'broken.gz'), Buffer.from([0x1f, 0x8b, 0x08]));
  const files = await readTextFiles(folder);
  expect(files.toSorted((one, other) => one.name.localeCompare(other.name))).toEqual([
    { name: 'humans', path: '/humans', text: 'Ada' },
    { name: 'index.html', path: '/', text: '<h1>Tür</h1>' },
    { name: 'search/one.fragment', path: '/search/one.fragment', text: '{"content":"Plan"}' },
  ]);
});
