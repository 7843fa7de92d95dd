import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { forbidLeaks } from './forbid-leaks.ts';

const membersSentence = 'The spare key hangs behind the third clock.';
const articleSentence = 'The rest is for those who have a key.';
const page = (text: string) => `<main><p>${text}</p></main>`;

const sound = {
  'secrets.json': JSON.stringify({
    items: [{ id: 'keys', title: 'Keys', summary: 'Ours', html: page(membersSentence) }],
  }),
  'blog/articles.json': JSON.stringify({
    items: [
      {
        ...{ slug: 'one', title: 'One', summary: 'First', date: '2026-11-21' },
        ...{ isFree: false, aliases: [], file: 'src/content/blog/one.md' },
        ...{ leadHtml: page('What anybody may read.'), restHtml: page(articleSentence) },
      },
    ],
  }),
  'secrets.html': page(membersSentence),
  'blog.html': page('What anybody may read.'),
  'blog/one.html': page(`What anybody may read. ${articleSentence}`),
  'blog/one/lead-in.html': page('What anybody may read.'),
};

async function check(changes: Record<string, string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-leaks-'));
  for (const [name, text] of Object.entries({ ...sound, ...changes })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  type Hook = (built: { dir: URL; assets: Map<string, URL[]> }) => Promise<void>;
  const done = forbidLeaks().hooks['astro:build:done'] as unknown as Hook; // It takes no more of what Astro hands to it.
  try {
    await done({ dir: pathToFileURL(`${folder}/`), assets: new Map() });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a site that keeps apart what belongs apart is built', async () => {
  await expect(check({})).resolves.toBeUndefined();
});

test.each([
  ['an article', { 'blog/one.html': page(`Our readers know: ${membersSentence}`) }],
  ['a lead-in', { 'blog/one/lead-in.html': page(membersSentence) }],
  ['a public page', { 'blog.html': page(membersSentence) }],
])('a members’ sentence in %s fails the build', async (_place, changes) => {
  const message = `src/content/secrets/keys.md: "${membersSentence}"`;
  await expect(check(changes)).rejects.toThrow(message);
});

test.each(['blog/team.html', 'blog/team/plan.html'])(
  'a page below /blog/ that is no article (%s) fails the build',
  async (name) => {
    await expect(check({ [name]: page('For members.') })).rejects.toThrow(`are none: ${name}`);
  },
);

const goldSentence = 'The brass lamp stands on the second shelf.';
const markedPage = (access: string, text: string) =>
  `<head><meta name="latchkey-access" content="${access}"></head>${page(text)}`;
const forGold = (text: string) => `<!--if:role:gold-->${text}<!--/if:role:gold-->`;
const twoArticles = JSON.stringify({
  items: ['one', 'two'].map((slug) => ({
    ...(JSON.parse(sound['blog/articles.json']) as { items: [object] }).items[0],
    ...(slug === 'two' && { slug, access: ['gold'], leadHtml: page(goldSentence) }),
  })),
});

test('what is for a role may stand where nobody else reads it', async () => {
  const changes = {
    'gold.html': page(goldSentence),
    'gold/more.html': page(goldSentence),
    'lamp.html': markedPage('gold', goldSentence),
    'secrets.html': page(`${membersSentence}${forGold(`<p>${goldSentence}</p>`)}`),
    'download.txt': 'Nothing of it.',
  };
  await expect(check(changes)).resolves.toBeUndefined();
});

test.each([
  ['a members’ page', { 'handbook.html': page(goldSentence) }, 'people who are logged in'],
  ['a members’ file', { 'handbook.txt': goldSentence }, 'people who are logged in'],
  [
    'the members’ part of a page',
    { 'secrets.html': page(goldSentence + forGold('')) },
    'people who',
  ],
  [
    'a page for more roles',
    { 'lamp.html': markedPage('gold silver', goldSentence) },
    '“Gold member” or “silver”',
  ],
  ['a page for another role', { 'lamp.html': markedPage('silver', goldSentence) }, '“silver”'],
  ['an article', { 'blog/one.html': page(`${articleSentence} ${goldSentence}`) }, 'anybody'],
  ['a public page', { 'blog.html': page(goldSentence) }, 'anybody'],
])(
  'what is for a role fails the build in %s, and both are named',
  async (_place, changes, whose) => {
    const checking = check({ 'gold.html': page(goldSentence), ...changes });
    await expect(checking).rejects.toThrow(
      `public/gold.html (for people with the role “Gold member”): "${goldSentence}"`,
    );
    const [found] = Object.keys(changes);
    await expect(checking).rejects.toThrow(`${String(found)}, which`);
    await expect(checking).rejects.toThrow(whose);
  },
);

test.each([
  [
    'a section',
    { 'secrets.json': sound['secrets.json'].replace('"id"', '"access":["gold"],"id"') },
  ],
  [
    'an article',
    {
      'blog/articles.json': twoArticles,
      'blog/two.html': page(goldSentence),
      'handbook.html': page(goldSentence),
    },
  ],
])('%s for a role fails the build on a members’ page', async (_what, changes) => {
  await expect(check(changes)).rejects.toThrow('(for people with the role “Gold member”)');
});

test('a public page with parts for roles fails the build', async () => {
  const changes = { 'blog.html': page(forGold('Only for some.')) };
  await expect(check(changes)).rejects.toThrow('blog.html is public, and has parts for some roles');
});
