import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPublicOrigin } from './public-origin.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-'));
const LATCHKEY_ENV_FILE = join(folder, 'settings');

const write = (text: string) => writeFileSync(LATCHKEY_ENV_FILE, text);

beforeAll(() => write('# ours\nPORT=1\nPUBLIC_URL="https://file.example/"\n'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the environment goes before the file', () => {
  const env = { LATCHKEY_ENV_FILE, PUBLIC_URL: 'https://site.example/' };
  expect(readPublicOrigin(env)).toBe('https://site.example');
  expect(readPublicOrigin({ ...env, PUBLIC_URL: ' ' })).toBe('https://file.example');
});

test('without an address there is none', () => {
  expect(readPublicOrigin({ LATCHKEY_ENV_FILE: '' })).toBeUndefined();
});

test('the build reads as the server does, and fails with its sentences', () => {
  const PUBLIC_URL = 'site.example';
  expect(() => readPublicOrigin({ LATCHKEY_ENV_FILE: '', PUBLIC_URL })).toThrow(/PUBLIC_URL must/);
  write('\ufeffPUBLIC_URL=https://marked.example\nREGISTRATON=closed\n');
  expect(() => readPublicOrigin({ LATCHKEY_ENV_FILE })).toThrow(
    /line 2: REGISTRATON is no setting. Did you mean REGISTRATION\?/,
  );
});
