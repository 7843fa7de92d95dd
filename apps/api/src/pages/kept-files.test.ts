import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requestTarget } from '../testing/raw-request.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { startTestServer } from '../testing/test-server.ts';
import { readBuiltSite } from './built-site.ts';
import { createKeptFiles, KEPT_FILE_BYTES } from './kept-files.ts';

test('A file that is kept goes out as it was read from the disk, and anew when it changes', async () => {
  const large = 'x'.repeat(KEPT_FILE_BYTES + 1);
  const files = { 'index.html': '<p>one</p>', '_astro/a.js': 'one', 'favicon.svg': large };
  await using folder = await createTemporaryFolder(files);
  await using server = await startTestServer('sqlite', {}, { site: readBuiltSite(folder.path) });
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await requestTarget(server.url, path, { headers });
    answer.headers.delete('date');
    return { ...answer, headers: [...answer.headers] };
  };
  for (const path of ['/', '/_astro/a.js', '/favicon.svg']) {
    const first = await ask(path);
    expect(await ask(path), path).toEqual(first);
    const headers = new Headers(first.headers);
    expect(headers.get('last-modified'), path).toBeTruthy();
    const known = await ask(path, { 'if-none-match': headers.get('etag') ?? '' });
    expect([known.status, known.body], path).toEqual([304, '']);
    const part = await ask(path, { range: 'bytes=1-2' });
    expect([part.status, part.body], path).toEqual([206, first.body.slice(1, 3)]);
  }
  const script = join(folder.path, '_astro/a.js');
  writeFileSync(script, 'two');
  utimesSync(script, 1, 1);
  expect((await ask('/_astro/a.js')).body).toBe('two');
});

test('No more is kept than there is room for, and what changed makes room', async () => {
  await using folder = await createTemporaryFolder({ a: '1234', b: '1234', c: '12' });
  const kept = createKeptFiles(folder.path, 6);
  const keep = (name: string) => {
    const stat = statSync(join(folder.path, name));
    kept.keep(name, stat, { headers: {}, bytes: Buffer.alloc(stat.size) });
  };
  const list = () => ['a', 'b', 'c'].filter((name) => kept.find(name));
  for (const name of ['a', 'b', 'c', 'c']) keep(name);
  expect(list()).toEqual(['a', 'c']);
  writeFileSync(join(folder.path, 'a'), '');
  expect(list()).toEqual(['c']);
  keep('b');
  expect(list()).toEqual(['b', 'c']);
});
