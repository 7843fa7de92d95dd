import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

const secret = 'The spare key hangs behind the third clock in the hall.';
const page = (text: string) =>
  `<html><head><title>T</title></head><main><p>${text}</p></main></html>`;

async function check(files: Record<string, string>, rules: object) {
  await using folder = await createTemporaryFolder({ 'index.html': page('Home'), ...files });
  await using outside = await createTemporaryFolder({ 'rules.json': JSON.stringify(rules) });
  const env = { SITE_DIR: folder.path, ACCESS_RULES: join(outside.path, 'rules.json') };
  const { code, stdout } = await runAdmin(env, 'check-site');
  return { code, stdout };
}

const rules = { '/': 'public', '/404': 'public' };

test('check-site is content with a site that keeps apart what belongs apart', async () => {
  const files = { 'notes/index.html': page(secret), '404.html': page('Nothing here') };
  const { code, stdout } = await check(files, rules);
  expect([code, stdout]).toEqual([0, expect.stringContaining('every rule fits something')]);
});

test.each([
  ['the home page', 'index.html'],
  ['the page for what is not there', '404.html'],
  ['a search index', 'search/index.json'],
  ['an article', 'blog/one/index.html'],
])('check-site finds a private sentence in %s', async (_place, name) => {
  const open = { '/': 'public', '/search/*': 'public', '/blog/*': 'public' };
  const { code, stdout } = await check(
    { 'notes/index.html': page(secret), [name]: page(secret) },
    open,
  );
  expect(code).toBe(1);
  expect(stdout).toContain(`notes/index.html: "${secret}"`);
  expect(stdout).toContain(`/${name}, which anybody may read.`);
});

test('check-site names rules that fit nothing, and what they may have meant', async () => {
  const { code, stdout } = await check(
    { 'docs/index.html': page('Docs') },
    { '/': 'public', '/dosc/*': 'public' },
  );
  expect(code).toBe(1);
  expect(stdout).toContain("'/dosc/*' fits nothing of the site.");
});

test('check-site says where the site of this project is checked', async () => {
  const { code, stderr } = await runAdmin({}, 'check-site');
  expect([code, stderr]).toEqual([1, expect.stringContaining('There is no SITE_DIR')]);
});
