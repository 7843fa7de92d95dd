import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ARTICLES_PATH,
  articlePath,
  articlesContent,
  isMeteredPath,
  isPublicPath,
  leadInPath,
  MEMBERS_CONTENT_PATH,
  membersContent,
} from '@latchkey/shared';
import type { AstroIntegration, IntegrationResolvedRoute } from 'astro';
import { mapSources, readTextFiles, type TextFile } from './built-files.ts';
import { findExposedFiles } from './find-exposed-files.ts';
import { findLeaks, type PrivateText } from './find-leaks.ts';
import { createLeakError, createStrayError } from './leak-error.ts';
import { listFileSentences, listSentences } from './list-sentences.ts';

type Content = {
  members: PrivateText[];
  articles: PrivateText[];
  articlePaths: Set<string>;
  leadIns: Set<string>;
};

/** The members' texts and the articles below their mark, each by the file that it is written in. */
function readContent(files: TextFile[]): Content {
  // A site may do without articles, or without members' texts of its own.
  const readJson = (path: string): unknown =>
    JSON.parse(files.find((file) => file.path === path)?.text ?? '{"items":[]}');
  const members = membersContent.parse(readJson(MEMBERS_CONTENT_PATH)).items;
  const articles = articlesContent.parse(readJson(ARTICLES_PATH)).items;
  return {
    members: members.map(({ id, html }) => ({
      file: `src/content/secrets/${id}.md`,
      sentences: listSentences(html),
    })),
    articles: articles.map(({ slug, restHtml }) => ({
      file: `src/content/blog/${slug}.md`,
      sentences: listSentences(restHtml),
    })),
    articlePaths: new Set(articles.map(({ slug }) => articlePath(slug))),
    // A lead-in has no address of its own, and is what everybody gets who may read no more.
    leadIns: new Set(articles.map(({ slug }) => leadInPath(slug))),
  };
}

/** @throws naming the pages below /blog/ that are neither an article nor the beginning of one */
function refuseStrays(
  files: TextFile[],
  { articlePaths, leadIns }: Content,
  sources: Map<string, string>,
): void {
  const isStray = ({ name, path }: TextFile) =>
    name.endsWith('.html') && isMeteredPath(path) && !articlePaths.has(path) && !leadIns.has(path);
  const strays = files.filter(isStray).map(({ name }) => sources.get(name) ?? name);
  if (strays.length > 0) throw createStrayError(strays);
}

/** @throws naming everything of private files that stands in public ones */
async function checkBuild(folder: string, sources: Map<string, string>): Promise<void> {
  const files = await readTextFiles(folder);
  const content = readContent(files);
  refuseStrays(files, content, sources);
  const { members, articles, articlePaths, leadIns } = content;
  const isPublic = ({ path }: TextFile) => isPublicPath(path) || leadIns.has(path);
  const publicFiles = files.filter(isPublic);
  const privateFiles = files
    .filter((file) => !isPublic(file) && !isMeteredPath(file.path))
    .map(({ name, text }) => ({ name, text, file: sources.get(name) ?? `public/${name}` }));
  const privateTexts = privateFiles.map(({ file, name, text }) => ({
    file,
    sentences: listFileSentences(name, text),
  }));
  const privatePages = privateFiles.filter(({ name }) => name.endsWith('.html'));
  const forMembers = [...members, ...privateTexts];
  // Anybody may read an article, if only a few: nothing of a members' page belongs into one.
  const articlePages = files.filter(({ path }) => articlePaths.has(path));
  const leaks = [
    ...findLeaks([...forMembers, ...articles], publicFiles),
    ...findLeaks(forMembers, articlePages),
  ];
  const exposed = findExposedFiles(privatePages, publicFiles);
  if (leaks.length + exposed.length === 0) return;
  throw createLeakError(relative('.', folder), leaks, exposed);
}

/** Fails the build when something that is not for everybody stands in a file that is. */
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
        await checkBuild(folder, mapSources(folder, assets, routes));
      },
    },
  };
}
