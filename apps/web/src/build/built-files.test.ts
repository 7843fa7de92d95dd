import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listBuiltFiles } from './built-files.ts';

async function build(names: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '.');
  }
  return folder;
}

test('files are listed with their addresses, and folders called like files are none', async () => {
  const names = ['index.html', 'vendor/three.js/index.js', 'a.json/b.txt', 'x.html/index.html'];
  const files = await listBuiltFiles(await build(names));
  expect(new Map(files.map(({ name, path }) => [name, path]))).toEqual(
    new Map([
      ['index.html', '/'],
      ['vendor/three.js/index.js', '/vendor/three.js/index.js'],
      ['a.json/b.txt', '/a.json/b.txt'],
      ['x.html/index.html', '/x.html'],
    ]),
  );
});

test('two files of one address are named', async () => {
  const folder = await build(['index.html', 'docs.html', 'docs/index.html']);
  await expect(listBuiltFiles(folder)).rejects.toThrow(/\/docs: docs.*html, docs.*html/);
});

test('a folder that the build needs for itself is refused', async () => {
  await expect(listBuiltFiles(await build(['.build/x']))).rejects.toThrow('public/.build/x');
});
