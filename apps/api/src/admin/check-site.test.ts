import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runAdmin } from '../testing/run-admin.ts';
import { createTemporaryFolder } from '../testing/temporary-folder.ts';

const secret = 'The spare key hangs behind the third clock in the hall.';
const page = (text: string) =>
  `<html><head><title>T</title></head><main><p>${text}</p></main></html>`;

async function check(files: Record<string, string | Buffer>, rules: object) {
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

test('check-site lets a public page have parts for roles, and no other file', async () => {
  const html = page(`Home <!--if:role:gold-->${secret}<!--/if:role:gold-->`);
  const nothing = { '404.html': page('Nothing here') };
  expect(await check({ 'index.html': html, ...nothing }, rules)).toMatchObject({ code: 0 });
  const found = await check({ 'index.html': html, '404.html': page(secret) }, rules);
  expect(found.stdout).toContain(
    `index.html (for people with the role “Gold member”): "${secret}"`,
  );
  const latin = Buffer.from(html.replace('Home', 'Zuhören'), 'latin1');
  const refused = await check({ 'index.html': latin }, rules);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('not in UTF-8')]);
});

test('check-site finds a private sentence of a page with any ending and encoding', async () => {
  for (const [name, file] of [
    ['notes/short.htm', page(secret)],
    ['notes/loud.HTML', page(secret)],
    ['notes/old.html', Buffer.from(page(`Zuhören. ${secret}`), 'latin1')],
  ] as const) {
    const { stdout } = await check({ [name]: file, '404.html': page(secret) }, rules);
    expect(stdout).toContain(`${name}: "${secret}"`);
    expect(stdout).toContain('Leave the private page out of the list, feed or search index');
  }
});

test('check-site names what public pages load and the public may not have', async () => {
  const head = '<link rel="stylesheet" href="../css/site.css"><script src="/app.js?v=1"></script>';
  const files = {
    'docs/index.html': page('Docs').replace('<main>', `${head}<main><a href="/plan.pdf">Plan</a>`),
    'docs/base.html': page('Docs').replace(
      '<title>',
      '<base href="/deep/er/"><img src="a%20b.png"><title>',
    ),
    'notes/index.html': page('Notes').replace('<main>', '<img srcset="x.png 1x, /gold/y.png 2x">'),
    ...{ 'css/site.css': 'a{}', 'app.js': '1', 'plan.pdf': '', 'deep/er/a b.png': '' },
    ...{ 'notes/x.png': '', 'gold/y.png': '' },
  };
  const open = { ...rules, '/docs/*': 'public', '/gold/*': ['gold'] };
  const { code, stdout } = await check({ ...files, '404.html': page('None') }, open);
  expect([code, stdout.split('\n')]).toEqual([
    1,
    [
      'Pages load files that some of their readers may not have:',
      '  deep/er/a b.png is for people who are logged in; docs/base.html loads it, which anybody may read.',
      '  css/site.css is for people who are logged in; docs/index.html loads it, which anybody may read.',
      '  app.js is for people who are logged in; docs/index.html loads it, which anybody may read.',
      '  gold/y.png is for people with the role “Gold member”; notes/index.html loads it, which people who are logged in may read.',
      "Give such files the rule of the page, by a rule such as '/deep/*' or '/css/*' or '/app.js'.",
      '',
    ],
  ]);
});

test('check-site reads an index that Pagefind compressed, and names the page in it', async () => {
  const entry = (url: string, content: string) =>
    gzipSync(`pagefind_dcd${JSON.stringify({ url, content, meta: { title: 'T' } })}`);
  const files = {
    'notes/index.html': page(secret),
    'pagefind/fragment/en_1.pf_fragment': entry('/', 'Home'),
    'pagefind/fragment/en_2.pf_fragment': entry('/notes/', `Notes. ${secret}`),
  };
  const { code, stdout } = await check(files, { '/': 'public', '/pagefind/*': 'public' });
  expect(code).toBe(1);
  expect(stdout).toContain(`notes/index.html: "${secret}"`);
  expect(stdout).toContain(
    '/pagefind/fragment/en_2.pf_fragment (/notes/), which anybody may read.',
  );
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
