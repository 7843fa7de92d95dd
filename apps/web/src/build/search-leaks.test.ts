import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createSiteAccess, ownAccess, type AccessRules } from '@latchkey/shared';
import { expect, test } from 'vitest';
import { listBuiltFiles } from './built-files.ts';
import { checkBuild } from './forbid-leaks.ts';
import { writeSearchIndexes } from './write-search.ts';

const membersSentence = 'The sparekey hangs behind the third clock.';
const goldSentence = 'The brasslamp stands on the second shelf.';
const restSentence = 'The doorbell is for those who read on.';
const page = (text: string, access = '') =>
  `<html><head>${access && `<meta name="latchkey-access" content="${access}">`}<title>T</title></head><main><p>${text}</p></main></html>`;

const forGold = `<!--if:role:gold--><p>${goldSentence}</p><!--/if:role:gold-->`;
const article = {
  ...{ slug: 'one', title: 'One', summary: 'First', date: '2026-11-21', isFree: false },
  ...{ leadHtml: '<p>Anybody may read how it begins.</p>', restHtml: `<p>${restSentence}</p>` },
  ...{ aliases: [], file: 'src/content/blog/one.md' },
};
const site: Record<string, string> = {
  'index.html': page('Everybody is welcome to this house.'),
  'search.html': page('Search', 'public'),
  'handbook.html': page(`${membersSentence}${forGold}`, 'members'),
  'blog/one.html': page(article.leadHtml + article.restHtml),
  'blog/one/lead-in.html': page(article.leadHtml),
  'blog/articles.json': JSON.stringify({ items: [article] }),
};

/** As Pagefind writes what it shows of a page. */
const fragment = (url: string, content: string) =>
  gzipSync(`pagefind_dcd${JSON.stringify({ url, content, meta: { title: 'T' }, anchors: [] })}`);

async function openSite(files: Record<string, string | Buffer>) {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-search-leaks-'));
  const write = async (more: Record<string, string | Buffer>) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  };
  await write(files);
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function openSearchedSite() {
  const built = await openSite(site);
  await writeSearchIndexes(built.folder, await listBuiltFiles(built.folder));
  return built;
}

async function check(folder: string): Promise<void> {
  const files = await listBuiltFiles(folder);
  await checkBuild({ folder, files, sources: new Map(), access: ownAccess });
}

test('indexes as the build writes them hold nothing that is not for their people', async () => {
  await using built = await openSearchedSite();
  await expect(check(built.folder)).resolves.toBeUndefined();
});

test.each([
  ['a members’ sentence', 'public', membersSentence, 'public/handbook.html', 'anybody'],
  ['a role’s sentence', 'public', goldSentence, 'public/handbook.html', 'anybody'],
  [
    'a role’s sentence',
    'members',
    goldSentence,
    'public/handbook.html',
    'people who are logged in',
  ],
  [
    'a role’s sentence',
    'roles/silver',
    goldSentence,
    'public/handbook.html',
    'people with the role “silver”',
  ],
  ['the rest of an article', 'public', restSentence, 'src/content/blog/one.md', 'anybody'],
])('%s in the index of %s fails the build, and both files are named', async (...planted) => {
  const [, index, sentence, source, whose] = planted;
  await using built = await openSearchedSite();
  const name = `_search/${index}/fragment/en_1a2b3c.pf_fragment`;
  await built.write({ [name]: fragment('/about', `Well. ${sentence} Good night.`) });
  const checking = check(built.folder);
  await expect(checking).rejects.toThrow(sentence);
  await expect(checking).rejects.toThrow(source);
  await expect(checking).rejects.toThrow(`${name} (/about), which ${whose}`);
});

test.each([
  ['members', 'public', 'sparekey', 'public/handbook.html'],
  ['roles/gold', 'public', 'brasslamp', 'public/handbook.html'],
  ['roles/gold', 'members', 'brasslamp', 'public/handbook.html'],
  ['roles/member', 'public', 'doorbel', 'src/content/blog/one.md'],
])('the words of %s in the index of %s fail the build', async (from, to, word, source) => {
  await using built = await openSearchedSite();
  const [own, other] = [from, to].map((index) => join(built.folder, '_search', index, 'index'));
  const [list = ''] = await readdir(own ?? '');
  await cp(join(own ?? '', list), join(other ?? '', 'en_1a2b3c.pf_index'));
  const checking = check(built.folder);
  await expect(checking).rejects.toThrow(`"${word}"`);
  await expect(checking).rejects.toThrow(source);
  await expect(checking).rejects.toThrow(`_search/${to}/index/en_1a2b3c.pf_index, which`);
});

/** A site that another generator built, whose index of everything is where its generator puts it. */
async function checkForeign(rules: AccessRules, files: Record<string, string | Buffer>) {
  await using built = await openSite({
    'index.html': page('Everybody is welcome to this house.'),
    'notes/index.html': page(membersSentence),
    ...files,
  });
  const { folder } = built;
  const access = createSiteAccess(rules);
  await checkBuild({
    folder,
    files: await listBuiltFiles(folder),
    sources: new Map(),
    access,
    open: [],
  });
}

const everything = {
  'pagefind/fragment/en_1.pf_fragment': fragment('/', 'Everybody is welcome to this house.'),
  'pagefind/fragment/en_2.pf_fragment': fragment('/notes/', membersSentence),
};

test('the index of another generator is looked through, and its page is named', async () => {
  const rules = { '/': 'public', '/pagefind/*': 'public' } as const;
  await expect(checkForeign(rules, everything)).rejects.toThrow(
    'pagefind/fragment/en_2.pf_fragment (/notes/), which anybody may read.',
  );
});

test('an index for members that also has public pages takes nothing from these', async () => {
  await expect(checkForeign({ '/': 'public' }, everything)).resolves.toBeUndefined();
});
