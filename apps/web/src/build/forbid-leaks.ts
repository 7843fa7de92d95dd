import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ARTICLES_PATH,
  articlesContent,
  isPublicPath,
  leadInPath,
  MEMBERS_CONTENT_PATH,
  membersContent,
  type Article,
} from '@latchkey/shared';
import type { AstroIntegration } from 'astro';
import { findLeaks, type PrivateText, type PublicFile } from './find-leaks.ts';

const textFile = /\.(html|css|js|json|svg|txt|xml|webmanifest)$/;

async function readPublicFiles(folder: string, articles: Article[]): Promise<PublicFile[]> {
  // A lead-in has no address of its own, and is what everybody gets who may read no more.
  const leadIns = new Set(articles.map(({ slug }) => leadInPath(slug)));
  const entries = await readdir(folder, { recursive: true });
  const names = entries
    .map((entry) => entry.replaceAll(sep, '/'))
    .filter((name) => textFile.test(name))
    .filter((name) => {
      const path = `/${name.replace(/(^index)?\.html$/, '')}`;
      return isPublicPath(path) || leadIns.has(path);
    });
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
}

/** Fails the build when a sentence that is not for everybody stands in a file that is. */
export function forbidLeaks(): AstroIntegration {
  return {
    name: 'forbid-leaks',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const readJson = async (path: string): Promise<unknown> =>
          JSON.parse(await readFile(join(folder, path), 'utf8'));
        const articles = articlesContent.parse(await readJson(ARTICLES_PATH)).items;
        const members = membersContent.parse(await readJson(MEMBERS_CONTENT_PATH)).items;
        const texts: PrivateText[] = [
          ...members.map(({ id, html }) => ({ file: `src/content/secrets/${id}.md`, html })),
          ...articles.map(({ slug, restHtml }) => ({
            file: `src/content/blog/${slug}.md`,
            html: restHtml,
          })),
        ];
        const leaks = findLeaks(texts, await readPublicFiles(folder, articles));
        if (leaks.length > 0) throw leakError(folder, leaks);
      },
    },
  };
}

function leakError(folder: string, leaks: ReturnType<typeof findLeaks>): Error {
  const lines = leaks.map(
    ({ file, sentence, publicFile }) =>
      `  ${file}: "${sentence}"\n    stands in ${join(relative('.', folder), publicFile)}, which anybody may read.`,
  );
  return new Error(
    [
      'Text that is not for everybody stands in a public file:',
      ...lines,
      'Take it out of the public file, or above the mark that ends the lead-in.',
    ].join('\n'),
  );
}
