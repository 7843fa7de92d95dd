import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';

const frontMatter = /^\uFEFF?---[^\S\n]*\n([\s\S]*?)\n---/;
const holdsBack =
  /^["']?(?:(?:draft|is-?draft|unpublished|hidden|private)["']?\s*:\s*["']?(?!(?:false|no|off|0|null|~)\b|["'\s#]|$).+|(?:published|publish)["']?\s*:\s*["']?(?:false|no|off|0)\b.*)$/im;

/** The line of a page's front matter that is to hold the page back, or null. */
export function findDraftLine(source: string): string | null {
  const [, head = ''] = frontMatter.exec(source.replaceAll('\r\n', '\n')) ?? [];
  return holdsBack.exec(head)?.[0].trim() ?? null;
}

function describe(file: string, line: string): string {
  const hidden = join(dirname(file), `_${basename(file)}`);
  return `${file} says "${line}", but every page in src/pages is published. Rename it to ${hidden} until it is ready, or take the line out.`;
}

/** A sentence for each Markdown page that says it is a draft. */
function listDrafts(root: string, routes: IntegrationResolvedRoute[]): string[] {
  return routes.flatMap(({ entrypoint }) => {
    const path = join(root, entrypoint);
    if (!/\.(md|mdx|markdown)$/.test(entrypoint) || !existsSync(path)) return [];
    const line = findDraftLine(readFileSync(path, 'utf8'));
    return line === null ? [] : [describe(entrypoint, line)];
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
