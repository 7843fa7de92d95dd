import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { readPieces, readText } from './read-text.ts';

async function write(content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-text-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file');
  await writeFile(path, content);
  return path;
}

async function collect(path: string): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of readPieces(path)) pieces.push(piece);
  return pieces;
}

const latin = Buffer.from([0x54, 0xfc, 0x72]);
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);
const film = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom'), Buffer.alloc(100)]);

test.each<[string, string | Buffer, string | null]>([
  ['UTF-8', 'Tür', 'Tür'],
  ['UTF-8 with a byte order mark', '\ufeffTür', 'Tür'],
  ['UTF-16', Buffer.from('\ufeffTür', 'utf16le'), 'Tür'],
  ['Latin 1', latin, 'Tür'],
  ['gzip', gzipSync('Tür'), 'Tür'],
  ['a gzip whose end is missing', gzipSync('Tür').subarray(0, -4), 'Tür'],
  ['no gzip after all', Buffer.from([0x1f, 0x8b, 0x08]), null],
  ['a picture', png, null],
  ['a film', film, null],
  ['a zipped film', gzipSync(film), null],
  ['nothing', '', null],
])('text is read from %s', async (_what, content, text) => {
  expect((await readText(await write(content), 100))?.text ?? null).toBe(text);
});

test('of a long text no more is read than is wanted, also where it is zipped', async () => {
  const path = await write(gzipSync('word '.repeat(10_000_000)));
  expect(await readText(path, 7)).toEqual({ text: 'word wo', isWhole: false });
});

test('a film of more than two gibibytes is read no further than its head', async () => {
  const path = await write(film);
  await truncate(path, 3 * 1024 ** 3);
  expect(await readText(path, 100)).toBeNull();
  expect(await collect(path)).toEqual(['']);
});

test('no sentence is cut between two pieces, nor any letter', async () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => `Die Tür ${index} ist zu.\n`);
  const pieces = await collect(await write(lines.join('')));
  expect(pieces.length).toBeGreaterThan(2);
  const whole = new Set(pieces.flatMap((piece) => piece.split('\n').slice(1, -1)));
  expect(lines.slice(1, -1).filter((line) => !whole.has(line.trim()))).toEqual([]);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 * 1024 ** 2);
});
