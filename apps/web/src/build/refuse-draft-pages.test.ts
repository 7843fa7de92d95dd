import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { findDraftMark, refuseDraftPages } from './refuse-draft-pages.ts';

const write = (...lines: string[]) =>
  ['---', 'title: Plan', ...lines, '---', '', 'Text'].join('\n');

test.each([
  ['draft: true'],
  ['draft: True', 'draft: true'],
  ['draft: yes'],
  ['Draft: "true"', 'Draft: true'],
  ['"draft": true # for now', 'draft: true'],
  ['isDraft: true'],
  ['is-draft: true'],
  ['unpublished: 1'],
  ['hidden: true'],
  ['private: on'],
  ['published: false'],
  ['publish: no'],
])('a page with "%s" is a draft', (line, mark = line) => {
  expect(findDraftMark(write(line, 'layout: x'))).toBe(mark);
  expect(findDraftMark(`\uFEFF${write(line).replaceAll('\n', '\r\n')}`)).toBe(mark);
});

test('front matter is read as Astro reads it', () => {
  expect(findDraftMark(`\n${write('draft: true')}`)).toBe('draft: true');
  expect(findDraftMark('+++\ntitle = "Plan"\ndraft = true\n+++\n\nText')).toBe('draft: true');
  expect(findDraftMark('---\n{ title: Plan, draft: true }\n---\n')).toBe('draft: true');
  expect(findDraftMark('---\n  title: Plan\n  draft: true\n---\n')).toBe('draft: true');
});

test.each([
  'draft: false',
  'draft: "false"',
  'draft:',
  'draft: # not decided',
  'published: true',
  'published: 2026-11-25',
  'published:',
  'description: "The draft: true or not"',
  'seo:\n  draft: true',
])('a page with "%s" is none', (line) => {
  expect(findDraftMark(write(line))).toBeNull();
});

test('front matter that cannot be read is left to Astro', () => {
  expect(findDraftMark(write('draft: [true'))).toBeNull();
});

test('what stands below the front matter says nothing', () => {
  expect(findDraftMark(`${write()}\ndraft: true\n`)).toBeNull();
  expect(findDraftMark('draft: true')).toBeNull();
});

/** What Astro hands to the hooks, as far as they take it. */
type Hook = (given: object) => void;

async function resolveRoutes(command: 'build' | 'dev'): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-drafts-'));
  await mkdir(join(folder, 'src/pages'), { recursive: true });
  await writeFile(join(folder, 'src/pages/plan.md'), write('draft: true'));
  await writeFile(join(folder, 'src/pages/about.md'), write());
  const warnings: string[] = [];
  const entrypoints = ['src/pages/plan.md', 'src/pages/about.md', 'src/pages/index.astro'];
  const hooks = refuseDraftPages().hooks as Record<string, Hook>;
  try {
    hooks['astro:config:setup']?.({ command, config: { root: pathToFileURL(`${folder}/`) } });
    hooks['astro:routes:resolved']?.({
      routes: entrypoints.map((entrypoint) => ({ entrypoint })),
      logger: { warn: (text: string) => void warnings.push(text) },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
  return warnings;
}

test('a build fails at a draft and says how to keep it, and development shows it', async () => {
  await expect(resolveRoutes('build')).rejects.toThrow(
    'src/pages/plan.md says "draft: true", but every page in src/pages is published. Rename it to src/pages/_plan.md until it is ready, or take that out.',
  );
  expect(await resolveRoutes('dev')).toEqual([expect.stringContaining('src/pages/plan.md says')]);
});
