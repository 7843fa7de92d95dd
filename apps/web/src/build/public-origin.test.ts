import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicOrigin } from './public-origin.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
const settings = pathToFileURL(join(folder, '.env'));
const missing = pathToFileURL(join(folder, 'nothing'));

beforeAll(() => writeFileSync(settings, '# ours\nPORT=1\nPUBLIC_URL="https://file.example/"\n'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the environment goes before the file', () => {
  const env = { PUBLIC_URL: 'https://site.example/' };
  expect(readPublicOrigin(env, settings)).toBe('https://site.example');
  expect(readPublicOrigin({ PUBLIC_URL: ' ' }, settings)).toBe('https://file.example');
});

test('without an address there is none', () => {
  expect(readPublicOrigin({}, missing)).toBeUndefined();
  expect(readPublicOrigin({ PUBLIC_URL: 'site.example' }, missing)).toBeUndefined();
});
