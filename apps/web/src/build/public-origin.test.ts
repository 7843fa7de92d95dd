import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicOrigin } from './public-origin.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
const root = pathToFileURL(`${folder}/`);
const empty = new URL('empty/', root);

beforeAll(() =>
  writeFileSync(join(folder, '.env'), '# ours\nPORT=1\nPUBLIC_URL="https://file.example/"\n'),
);
afterAll(() => rmSync(folder, { recursive: true }));

test('the environment goes before the file', () => {
  const env = { PUBLIC_URL: 'https://site.example/' };
  expect(readPublicOrigin(env, root)).toBe('https://site.example');
  expect(readPublicOrigin({ PUBLIC_URL: ' ' }, root)).toBe('https://file.example');
});

test('without an address there is none', () => {
  expect(readPublicOrigin({}, empty)).toBeUndefined();
  expect(readPublicOrigin({ PUBLIC_URL: 'site.example' }, empty)).toBeUndefined();
});

test('the file may be another, or none', () => {
  const LATCHKEY_ENV_FILE = join(folder, 'others.env');
  writeFileSync(LATCHKEY_ENV_FILE, 'PUBLIC_URL=https://other.example');
  expect(readPublicOrigin({ LATCHKEY_ENV_FILE }, root)).toBe('https://other.example');
  const relative = { LATCHKEY_ENV_FILE: 'others.env' };
  expect(readPublicOrigin(relative, root)).toBe('https://other.example');
  expect(readPublicOrigin({ LATCHKEY_ENV_FILE: '' }, root)).toBeUndefined();
});
