import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readWordList } from './search-files.ts';
import { listBuiltFiles } from './built-files.ts';
import { writeSearch, writeSearchIndexes } from './write-search.ts';

const head = (title: string, access = '', more = '') =>
  `<head>${access && `<meta name="latchkey-access" content="${access}">`}${more}<title>${title} · Latchkey</title></head>`;
const page = (title: string, text: string, access?: string, more?: string) =>
  `<html lang="en">${head(title, access, more)}<body><main><h1>${title}</h1>${text}</main></body></html>`;

const article = (slug: string, changes: object = {}) => ({
  ...{ slug, title: `About ${slug} & co`, summary: 'First', date: '2026-11-21' },
  ...{ isFree: false, aliases: [], file: `src/content/blog/${slug}.md` },
  ...{ leadHtml: `<p>Lead of ${slug}.</p>`, restHtml: `<p>Rest of ${slug}.</p>`, ...changes },
});

const site: Record<string, string> = {
  'index.html': page('Home', '<p>The doorbell rings.</p><p data-when="signed-in">Greetings</p>'),
  'search.html': page('Search', '<p>Looking</p>', 'public'),
  'login.html': page('Log in', '<p>Entrance</p>'),
  '404.html': page('Page not found', '<p>Lost</p>'),
  'dashboard.html': page('Dashboard', '<p>Account</p>'),
  'operator/person.html': page('Person', '<p>Account</p>'),
  'quiet.html': page('Quiet', '<p>Whisper</p>', 'public', '<meta name="robots" content="noindex">'),
  'handbook.html': page(
    'Handbook',
    '<p>The sparekey hangs <i>behind</i> the clock.</p>',
    'members',
  ),
  'ünd 50%.html': page('Ünd', '<p>The umlaut stays.</p>', 'members'),
  'vault.html': page('Vault', '<p>The brasslamp stands.</p>', 'silver gold'),
  'blog.html': page('Blog', '<p>Our texts.</p><article><p>Lead of metered.</p></article>'),
  'blog/metered.html': page('About metered', '<p>Lead of metered. Rest of metered.</p>'),
  'blog/metered/lead-in.html': page('About metered', '<p>Lead of metered.</p> Pay'),
  'blog/articles.json': JSON.stringify({
    items: [
      article('metered'),
      article('free', { isFree: true, access: 'public' }),
      article('closed', { access: ['gold'] }),
    ],
  }),
};

async function build(files: Record<string, string> = site) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-search-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

const writeIndexes = async (folder: string) =>
  writeSearchIndexes(folder, await listBuiltFiles(folder));

type Fragment = { url: string; content: string; meta: { title: string } };

/** What an index says of each page. */
async function readIndex(folder: string, index: string): Promise<Record<string, string>> {
  const fragments = join(folder, '_search', index, 'fragment');
  const texts = (await readdir(fragments)).map(async (name) => {
    const text = gunzipSync(await readFile(join(fragments, name))).toString();
    return JSON.parse(text.replace(/^pagefind_dcd/, '')) as Fragment;
  });
  const read = (await Promise.all(texts)).toSorted((one, other) => (one.url < other.url ? -1 : 1));
  return Object.fromEntries(
    read.map(({ url, content, meta }) => [url, `${meta.title}: ${content}`]),
  );
}

async function readWords(folder: string, index: string): Promise<string[]> {
  const lists = join(folder, '_search', index, 'index');
  const names = await readdir(lists);
  return (await Promise.all(names.map((name) => readWordList(join(lists, name))))).flat();
}

test('each audience has an index of what it may read, and nothing else', async () => {
  await using built = await build();
  await writeIndexes(built.folder);
  expect((await readdir(join(built.folder, '_search'))).sort()).toEqual([
    'members',
    'program',
    'public',
    'roles',
  ]);
  expect((await readdir(join(built.folder, '_search/roles'))).sort()).toEqual([
    'gold',
    'gold.silver',
    'member',
  ]);
  expect(await readIndex(built.folder, 'public')).toEqual({
    '/': 'Home: The doorbell rings.',
    '/blog': 'Blog: Our texts.',
    '/blog/free': 'About free & co: Lead of free. Rest of free.',
    '/blog/metered': 'About metered & co: Lead of metered.',
  });
  expect(await readIndex(built.folder, 'members')).toEqual({
    '/%C3%BCnd%2050%25': 'Ünd: The umlaut stays.',
    '/handbook': 'Handbook: The sparekey hangs behind the clock.',
  });
  expect(await readIndex(built.folder, 'roles/gold.silver')).toEqual({
    '/vault': 'Vault: The brasslamp stands.',
  });
  expect(await readIndex(built.folder, 'roles/member')).toEqual({
    '/blog/metered': 'About metered & co: Lead of metered. Rest of metered.',
  });
  expect(Object.keys(await readIndex(built.folder, 'roles/gold'))).toEqual(['/blog/closed']);
});

test('a heading that is not the title, and a title that is all there is, are text', async () => {
  await using built = await build({
    'index.html': page('Home', '<p>Text</p>').replace(
      '<h1>Home</h1>',
      '<h1>Welcome <b>in</b></h1>',
    ),
    'about.html': page('About', '', 'public'),
  });
  await writeIndexes(built.folder);
  expect(await readIndex(built.folder, 'public')).toEqual({
    '/': 'Home: Welcome in. Text.',
    '/about': 'About: About.',
  });
});

test('the lists of words have the words of their own pages', async () => {
  await using built = await build();
  await writeIndexes(built.folder);
  const [everybody, members] = [
    await readWords(built.folder, 'public'),
    await readWords(built.folder, 'members'),
  ];
  expect(everybody).toContain('doorbel');
  expect(members).toContain('sparekey');
  // A title counts as well.
  expect(members).toContain('handbook');
  for (const word of ['sparekey', 'brasslamp', 'umlaut', 'greet', 'whisper', 'entranc']) {
    expect(everybody).not.toContain(word);
  }
});

test('a build has the same files each time, and those alone that a browser needs', async () => {
  const list = async () => {
    await using built = await build();
    await writeIndexes(built.folder);
    const entries = await readdir(join(built.folder, '_search'), {
      recursive: true,
      withFileTypes: true,
    });
    const names = entries
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name));
    return await Promise.all(
      names
        .sort()
        .map(async (name) => [
          name.slice(built.folder.length),
          (await readFile(name)).toString('base64'),
        ]),
    );
  };
  const first = await list();
  expect(await list()).toEqual(first);
  const names = first.map(([name = '']) => name);
  expect(names.filter((name) => name.endsWith('.js'))).toEqual(['/_search/program/pagefind.js']);
  expect(names.filter((name) => name.endsWith('.css'))).toEqual([]);
  expect(names.filter((name) => name.includes('wasm'))).toEqual([
    '/_search/public/wasm.en.pagefind',
  ]);
});

test('a site without articles and members’ pages has an index as well', async () => {
  await using built = await build({ 'index.html': site['index.html'] ?? '' });
  await writeIndexes(built.folder);
  expect((await readdir(join(built.folder, '_search'))).sort()).toEqual(['program', 'public']);
});

test('a site without public pages has an index that opens first', async () => {
  await using built = await build({ 'handbook.html': site['handbook.html'] ?? '' });
  await writeIndexes(built.folder);
  expect(await readdir(join(built.folder, '_search/members'))).toContain('wasm.en.pagefind');
});

test('a site without any words has none', async () => {
  await using built = await build({ 'search.html': site['search.html'] ?? '' });
  await writeIndexes(built.folder);
  expect(await readdir(built.folder)).toEqual(['search.html']);
});

type Done = (built: { dir: URL }) => Promise<void>;
const done = writeSearch().hooks['astro:build:done'] as unknown as Done; // It takes no more of what Astro hands to it.

test('a site without the page of the search has no index', async () => {
  await using built = await build({ 'index.html': site['index.html'] ?? '' });
  await done({ dir: pathToFileURL(`${built.folder}/`) });
  expect(await readdir(built.folder)).toEqual(['index.html']);
});

test.each([true, false])(
  'a file of the owner’s in the folder of the indexes fails the build (with a search: %s)',
  async (hasSearch) => {
    const own = { 'index.html': '', '_search/public/notes.txt': 'Mine' };
    await using built = await build(hasSearch ? { ...site, ...own } : own);
    await expect(done({ dir: pathToFileURL(`${built.folder}/`) })).rejects.toThrow(
      'public/_search/public/notes.txt cannot be in the site',
    );
  },
);
