import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { parseFrontmatter } from 'astro/markdown';
import { isDraftKey } from '../lib/front-matter.ts';

const isPositive = /^publish/i;
const no = new Set(['false', 'no', 'off', '0']);
const nothing = new Set(['', 'null', '~', 'undefined']);

function holdsBack(key: string, value: unknown): boolean {
  const text = String(value).trim().toLowerCase();
  if (!isDraftKey(key) || nothing.has(text)) return false;
  return no.has(text) === isPositive.test(key);
}

/** Astro itself names the page whose front matter cannot be read. */
function readFrontMatter(source: string): Record<string, unknown> {
  try {
    return parseFrontmatter(source.replaceAll('\r\n', '\n')).frontmatter;
  } catch {
    return {};
  }
}

/** What in the front matter of a page is to hold the page back, or null. */
export function findDraftMark(source: string): string | null {
  const frontmatter = readFrontMatter(source);
  const [key, value] = Object.entries(frontmatter).find((entry) => holdsBack(...entry)) ?? [];
  return key === undefined ? null : `${key}: ${String(value)}`;
}

function describe(file: string, mark: string): string {
  const hidden = join(dirname(file), `_${basename(file)}`);
  return `${file} says "${mark}", but every page in src/pages is published. Rename it to ${hidden} until it is ready, or take that out.`;
}

/** A sentence for each Markdown page that says it is a draft. */
function listDrafts(root: string, routes: IntegrationResolvedRoute[]): string[] {
  return routes.flatMap(({ entrypoint }) => {
    const path = join(root, entrypoint);
    if (!/\.(md|mdx|markdown)$/.test(entrypoint) || !existsSync(path)) return [];
    const mark = findDraftMark(readFileSync(path, 'utf8'));
    return mark === null ? [] : [describe(entrypoint, mark)];
  });
}

/**
 * Fails the build at a page of `src/pages` that says it is a draft: Astro reads that in no page, and
 * would publish it. In development, which shows drafts, it is said.
 */
export function refuseDraftPages(): AstroIntegration {
  let isBuild = false;
  let root = '';
  return {
    name: 'refuse-draft-pages',
    hooks: {
      'astro:config:setup': ({ command, config }) => {
        isBuild = command === 'build';
        root = fileURLToPath(config.root);
      },
      'astro:routes:resolved': ({ routes, logger }) => {
        const drafts = listDrafts(root, routes);
        if (isBuild && drafts.length > 0) throw new Error(drafts.join('\n'));
        for (const draft of drafts) logger.warn(draft);
      },
    },
  };
}
