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
  // Of all that Astro hands to the hook, it takes the folder and the list of what was built.
  const done = forbidLeaks().hooks['astro:build:done'] as unknown as (built: {
    dir: URL;
    assets: Map<string, URL[]>;
  }) => Promise<void>;
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
