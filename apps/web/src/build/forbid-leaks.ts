import { join, relative } from 'node:path';
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
import type { AstroIntegration, AstroIntegrationLogger, IntegrationResolvedRoute } from 'astro';
import { doInBatches } from './batches.ts';
import { listBuiltFiles, mapSources, type BuiltFile } from './built-files.ts';
import { listBundledFiles, type ExposedFile } from './find-exposed-files.ts';
import { createLeakSearch, type Leak, type PrivateText } from './find-leaks.ts';
import { createLeakError, createStrayError } from './leak-error.ts';
import { listFileSentences, listSentences } from './list-sentences.ts';
import { readPieces, readText } from './read-text.ts';

/** Private text beyond it is not looked for, and the build says of which files. */
const MOST_PRIVATE_CHARACTERS = 64 * 1024 * 1024;
const FILES_AT_ONCE = 8;

type Content = {
  members: PrivateText[];
  articles: PrivateText[];
  /** The addresses of articles that are metered. */
  articlePaths: Set<string>;
  /** What anybody gets of the articles: the lead-ins, and the whole of those that are free for all. */
  publicPaths: Set<string>;
};

/** The build of one site: its folder, and by the name of a file what that was built from. */
type Build = { folder: string; files: BuiltFile[]; sources: Map<string, string> };

const isPage = ({ name }: BuiltFile) => name.endsWith('.html');

/** What a failure has to do with a file stands before it: the fault itself names none. */
async function nameFile<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${name} cannot be read by the check for private text: ${reason}`, { cause });
  }
}

async function readJson({ folder, files }: Build, path: string): Promise<unknown> {
  const file = files.find((one) => one.path === path);
  // A site may do without articles, or without members' texts of its own.
  if (!file) return { items: [] };
  const read = await readText(join(folder, file.name), Infinity);
  return nameFile(file.name, async () => JSON.parse(read?.text ?? 'null') as unknown);
}

/** The members' texts and the articles below their mark, each by the file that it is written in. */
async function readContent(build: Build): Promise<Content> {
  const members = membersContent.parse(await readJson(build, MEMBERS_CONTENT_PATH)).items;
  const articles = articlesContent.parse(await readJson(build, ARTICLES_PATH)).items;
  const metered = articles.filter(({ isFree }) => !isFree);
  const free = articles.filter(({ isFree }) => isFree);
  return {
    members: members.map(({ id, html }) => ({
      file: `src/content/secrets/${id}.md`,
      sentences: listSentences(html),
    })),
    articles: metered.map(({ file, restHtml }) => ({ file, sentences: listSentences(restHtml) })),
    articlePaths: new Set(metered.map(({ slug }) => articlePath(slug))),
    // A lead-in has no address of its own, and is what everybody gets who may read no more.
    publicPaths: new Set([
      ...metered.map(({ slug }) => leadInPath(slug)),
      ...free.map(({ slug }) => articlePath(slug)),
    ]),
  };
}

/** @throws naming the pages below /blog/ that are neither an article nor the beginning of one */
function refuseStrays({ files, sources }: Build, { articlePaths, publicPaths }: Content): void {
  const isStray = (file: BuiltFile) =>
    isPage(file) &&
    isMeteredPath(file.path) &&
    !articlePaths.has(file.path) &&
    !publicPaths.has(file.path);
  const strays = files.filter(isStray).map(({ name }) => sources.get(name) ?? name);
  if (strays.length > 0) throw createStrayError(strays);
}

/** What private files hold: their sentences, and the pictures that their pages show. */
type PrivateFiles = { texts: PrivateText[]; shown: ExposedFile[]; unread: string[] };

async function readPrivateFiles(
  { folder, sources }: Build,
  files: BuiltFile[],
): Promise<PrivateFiles> {
  const found: PrivateFiles = { texts: [], shown: [], unread: [] };
  let room = MOST_PRIVATE_CHARACTERS;
  // What is left out is what has most and is written least: data, and not pages.
  const ordered = files.toSorted(
    (one, other) => Number(isPage(other)) - Number(isPage(one)) || one.bytes - other.bytes,
  );
  for (const file of ordered) {
    const { name } = file;
    const source = sources.get(name) ?? `public/${name}`;
    await nameFile(source, async () => {
      const read = await readText(join(folder, name), room);
      if (!read) return;
      room -= read.text.length;
      if (!read.isWhole) found.unread.push(source);
      found.texts.push({ file: source, sentences: listFileSentences(name, read.text) });
      if (!isPage(file)) return;
      const shown = listBundledFiles(read.text);
      found.shown.push(...shown.map((publicFile) => ({ file: source, publicFile })));
    });
  }
  return found;
}

/** @throws naming everything of private files that stands in public ones */
async function checkBuild(build: Build, logger?: AstroIntegrationLogger): Promise<void> {
  const { folder, files } = build;
  const content = await readContent(build);
  refuseStrays(build, content);
  const isPublic = ({ path }: BuiltFile) => isPublicPath(path) || content.publicPaths.has(path);
  const isPrivate = (file: BuiltFile) => !isPublic(file) && !isMeteredPath(file.path);
  const { texts, shown, unread } = await readPrivateFiles(build, files.filter(isPrivate));
  if (unread.length > 0) {
    logger?.warn(
      `These private files have more text than the check for private text in public files takes in (64 million characters in all); what they hold beyond it was not looked for: ${unread.join(', ')}`,
    );
  }

  const forMembers = [...content.members, ...texts];
  const searchPublic = createLeakSearch([...forMembers, ...content.articles]);
  // Anybody may read an article, if only a few: nothing of a members' page belongs into one.
  const searchArticle = createLeakSearch(forMembers);
  const leaks: Leak[] = [];
  const unused = new Set(shown.map(({ publicFile }) => publicFile));
  async function searchFile(file: BuiltFile): Promise<void> {
    const search = isPublic(file) ? searchPublic : searchArticle;
    const found = new Map<string, Leak>();
    for await (const piece of readPieces(join(folder, file.name))) {
      for (const origin of search(piece)) {
        found.set(origin.sentence, { ...origin, publicFile: file.name });
      }
      if (!isPublic(file)) continue;
      for (const name of unused) if (piece.includes(name)) unused.delete(name);
    }
    leaks.push(...found.values());
  }
  const searched = files.filter((file) => isPublic(file) || content.articlePaths.has(file.path));
  await doInBatches(searched, FILES_AT_ONCE, (file) =>
    nameFile(build.sources.get(file.name) ?? file.name, () => searchFile(file)),
  );
  const exposed = shown.filter(({ publicFile }) => unused.has(publicFile));
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
      'astro:build:done': async ({ dir, assets, logger }) => {
        const folder = fileURLToPath(dir);
        const files = await listBuiltFiles(folder);
        await checkBuild({ folder, files, sources: mapSources(folder, assets, routes) }, logger);
      },
    },
  };
}
