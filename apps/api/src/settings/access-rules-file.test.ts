import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';
import { parseSettings } from './settings.ts';

async function read(text: string, more: Record<string, string> = {}): Promise<string> {
  await using folder = await createTemporaryFolder({ 'rules.json': text });
  const rules = join(folder.path, 'rules.json');
  try {
    const env = { SITE_DIR: folder.path, ACCESS_RULES: rules, ...more };
    return JSON.stringify(parseSettings(env).accessRules);
  } catch (error) {
    return (error as Error).message;
  }
}

test('rules in a file are those of access-rules.ts', async () => {
  const rules = { '/': 'public', '/a/*': 'members', '/b': ['gold', 'silver'] };
  expect(await read(JSON.stringify(rules))).toBe(JSON.stringify(rules));
  expect(await read('{}')).toBe('{}');
});

test('every fault of the file is named at once', async () => {
  const text = await read(
    '{"/a/": "public", "b": "public", "/c": "everybody", "/d": [], "/e": "public"}',
  );
  for (const fault of [
    `ACCESS_RULES '/a/': A path ends without a slash.`,
    `ACCESS_RULES 'b': A path starts with a slash.`,
    `ACCESS_RULES '/c': Write 'public'`,
    `ACCESS_RULES '/d': An empty list opens to nobody`,
  ]) {
    expect(text).toContain(fault);
  }
  expect(text).not.toContain(`'/e'`);
});

test.each(['', '{', '[]', 'null', '"public"'])('%j is no list of rules', async (text) => {
  expect(await read(text)).toContain('ACCESS_RULES must name a file');
});

test('a file that is not there, and one of the two settings without the other, are faults', async () => {
  expect(await read('{}', { ACCESS_RULES: '/nowhere/rules.json' })).toContain('ENOENT');
  expect(await read('{}', { ACCESS_RULES: '' })).toContain('SITE_DIR needs ACCESS_RULES');
  expect(await read('{}', { SITE_DIR: '' })).toContain('ACCESS_RULES needs SITE_DIR');
});

test('CONTACT is a page that the rules of the file open', async () => {
  expect(await read('{"/help": "public"}', { CONTACT: '/help/' })).toBe('{"/help":"public"}');
  expect(await read('{}', { CONTACT: '/help' })).toContain('CONTACT must be');
  expect(await read('{}', { CONTACT: '/login' })).toContain('CONTACT must be');
});
