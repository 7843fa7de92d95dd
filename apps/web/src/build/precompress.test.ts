import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { compressFiles } from './precompress.ts';

test('texts get copies in a folder of their own; folders, empty files and large ones get none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-encoded-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = 'one two three four. '.repeat(50);
  await mkdir(join(folder, 'three.js/x.html'), { recursive: true });
  await writeFile(join(folder, 'three.js/data.json'), text);
  await writeFile(join(folder, 'three.js/data.json.gz'), 'of its own');
  await writeFile(join(folder, 'empty.txt'), '');
  await writeFile(join(folder, 'large.xml'), '');
  await truncate(join(folder, 'large.xml'), 3 * 1024 ** 3);
  await compressFiles(folder);

  const encoded = join(folder, '.build/encoded/three.js');
  expect((await readdir(join(folder, '.build/encoded'))).toSorted()).toEqual(['three.js']);
  expect((await readdir(encoded)).toSorted()).toEqual(['data.json.br', 'data.json.gz']);
  const [brotli, zipped, own] = await Promise.all(
    [
      join(encoded, 'data.json.br'),
      join(encoded, 'data.json.gz'),
      join(folder, 'three.js/data.json.gz'),
    ].map((path) => readFile(path)),
  );
  expect(brotliDecompressSync(brotli ?? '').toString()).toBe(text);
  expect(gunzipSync(zipped ?? '').toString()).toBe(text);
  expect(own?.toString()).toBe('of its own');
});
