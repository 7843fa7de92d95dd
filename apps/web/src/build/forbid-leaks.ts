import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ARTICLES_PATH,
  articlesContent,
  isMeteredPath,
  isPublicPath,
  leadInPath,
  MEMBERS_CONTENT_PATH,
  membersContent,
  nameAddress,
} from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { findLeaks, type Leak, type PrivateText } from './find-leaks.ts';
import { listFileSentences, listSentences } from './list-sentences.ts';

/** A file of the build, by its name below the folder and by the path at which it is served. */
type TextFile = { name: string; path: string; text: string };

async function readTextFile(folder: string, name: string): Promise<TextFile | null> {
  const bytes = await readFile(join(folder, name));
  const isText = isUtf8(bytes) && !bytes.includes(0);
  return isText ? { name, path: nameAddress(name), text: bytes.toString('utf8') } : null;
}

async function readTextFiles(folder: string): Promise<TextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  const files = await Promise.all(names.map((name) => readTextFile(folder, name)));
  return files.filter((file) => file !== null);
}

/** The members' texts and the articles below their mark, each by the file that it is written in. */
function readContent(files: TextFile[]): { texts: PrivateText[]; leadIns: Set<string> } {
  const readJson = (path: string): unknown =>
    JSON.parse(files.find((file) => file.path === path)?.text ?? 'null');
  const members = membersContent.parse(readJson(MEMBERS_CONTENT_PATH)).items;
  const articles = articlesContent.parse(readJson(ARTICLES_PATH)).items;
  const texts = [
    ...members.map(({ id, html }) => ({ file: `src/content/secrets/${id}.md`, html })),
    ...articles.map(({ slug, restHtml }) => ({
      file: `src/content/blog/${slug}.md`,
      html: restHtml,
    })),
  ].map(({ file, html }) => ({ file, sentences: listSentences(html) }));
  // A lead-in has no address of its own, and is what everybody gets who may read no more.
  return { texts, leadIns: new Set(articles.map(({ slug }) => leadInPath(slug))) };
}

/** By the name of a built file, the file that it was built from. */
function mapSources(
  folder: string,
  assets: Map<string, URL[]>,
  routes: IntegrationResolvedRoute[],
): Map<string, string> {
  return new Map(
    routes.flatMap(({ pattern, entrypoint }) =>
      (assets.get(pattern) ?? []).map((url) => {
        const name = relative(folder, fileURLToPath(url)).replaceAll(sep, '/');
        return [name, entrypoint] as const;
      }),
    ),
  );
}

/** Fails the build when a sentence that is not for everybody stands in a file that is. */
export function forbidLeaks(): AstroIntegration {
  let routes: IntegrationResolvedRoute[] = [];
  return {
    name: 'forbid-leaks',
    hooks: {
      'astro:routes:resolved': (resolved) => {
        routes = resolved.routes;
      },
      'astro:build:done': async ({ dir, assets }) => {
        const folder = fileURLToPath(dir);
        const sources = mapSources(folder, assets, routes);
        const files = await readTextFiles(folder);
        const { texts, leadIns } = readContent(files);
        const isPublic = ({ path }: TextFile) => isPublicPath(path) || leadIns.has(path);
        const others = files
          .filter((file) => !isPublic(file) && !isMeteredPath(file.path))
          .map(({ name, text }) => ({
            file: sources.get(name) ?? `public/${name}`,
            sentences: listFileSentences(name, text),
          }));
        const leaks = findLeaks([...texts, ...others], files.filter(isPublic));
        if (leaks.length > 0) throw leakError(folder, leaks);
      },
    },
  };
}

function leakError(folder: string, leaks: Leak[]): Error {
  const lines = leaks.map(
    ({ file, sentence, publicFile }) =>
      `  ${file}: "${sentence}"\n    stands in ${join(relative('.', folder), publicFile)}, which anybody may read.`,
  );
  return new Error(
    [
      'Text that is not for everybody stands in a public file:',
      ...lines,
      'Take it out of one of the two. An article may have it above the mark that ends its lead-in;',
      'what a page may share with everybody stands in an element with the attribute data-public.',
    ].join('\n'),
  );
}
