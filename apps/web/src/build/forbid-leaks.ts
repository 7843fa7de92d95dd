import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ARTICLES_PATH,
  articlePath,
  articlesContent,
  isMeteredPath,
  leadInPath,
  MEMBERS_CONTENT_PATH,
  membersContent,
  ownAccess,
  type Article,
} from '@latchkey/shared';
import type { AstroIntegration, AstroIntegrationLogger, IntegrationResolvedRoute } from 'astro';
import { mayStandIn, nameAudience, splitByRoles, type Audience } from './audiences.ts';
import { doInBatches } from './batches.ts';
import { listBuiltFiles, mapSources, type BuiltFile } from './built-files.ts';
import { listBundledFiles, type ExposedFile } from './find-exposed-files.ts';
import { createLeakSearch, type Leak, type PrivateText } from './find-leaks.ts';
import { createLeakError, createStrayError } from './leak-error.ts';
import { listFileSentences, listSentences } from './list-sentences.ts';
import { findWordLeaks } from './find-word-leaks.ts';
import { isPage, readPageAudiences, type Build } from './page-audiences.ts';
import { readPieces, readText } from './read-text.ts';
import { describeFile, isSearchFile } from './search-files.ts';

/** Private text beyond it is not looked for, and the build says of which files. */
const MOST_PRIVATE_CHARACTERS = 64 * 1024 * 1024;
const FILES_AT_ONCE = 8;

type Content = {
  sections: PrivateText[];
  articles: PrivateText[];
  /** Who gets what is below `/blog/`: the articles and, for everybody, their lead-ins. */
  audiences: Map<string, Audience>;
};

const isMetered = ({ open }: Build, path: string) => open === undefined && isMeteredPath(path);

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

const toAudience = ({ isFree, access }: Article): Audience =>
  isFree ? 'public' : (access ?? 'metered');

/** The members' texts and the articles below their mark, each by the file that it is written in. */
async function readContent(build: Build): Promise<Content> {
  const members = membersContent.parse(await readJson(build, MEMBERS_CONTENT_PATH)).items;
  const articles = articlesContent.parse(await readJson(build, ARTICLES_PATH)).items;
  const read = articles.map((article) => ({
    ...article,
    audience: toAudience(article),
  }));
  const closed = read.filter(({ audience }) => audience !== 'public');
  const metered = read.filter(({ audience }) => audience === 'metered');
  return {
    sections: members.map(({ id, html, access }) => ({
      file: `src/content/secrets/${id}.md`,
      audience: access,
      sentences: listSentences(html),
    })),
    articles: closed.map(({ file, audience, leadHtml, restHtml }) => ({
      file,
      audience,
      sentences: listSentences(audience === 'metered' ? restHtml : leadHtml + restHtml),
    })),
    // A lead-in has no address of its own, and is what everybody gets who may read no more.
    audiences: new Map<string, Audience>([
      ...read.map(({ slug, audience }) => [articlePath(slug), audience] as const),
      ...metered.map(({ slug }) => [leadInPath(slug), 'public'] as const),
    ]),
  };
}

/** @throws naming the pages below /blog/ that are neither an article nor the beginning of one */
function refuseStrays(build: Build, { audiences }: Content): void {
  const { files, sources } = build;
  const isStray = (file: BuiltFile) =>
    isPage(build, file) && isMetered(build, file.path) && !audiences.has(file.path);
  const strays = files.filter(isStray).map(({ name }) => sources.get(name) ?? name);
  if (strays.length > 0) throw createStrayError(strays);
}

/** What private files hold: their sentences, and the pictures that their pages show. */
type PrivateFiles = { texts: PrivateText[]; shown: ExposedFile[]; unread: string[] };
type AudienceOf = (file: BuiltFile) => Audience;

async function readPrivateFiles(
  build: Build,
  files: BuiltFile[],
  audienceOf: AudienceOf,
): Promise<PrivateFiles> {
  const { folder, sources, open } = build;
  const isOwners = open !== undefined;
  const found: PrivateFiles = { texts: [], shown: [], unread: [] };
  let room = MOST_PRIVATE_CHARACTERS;
  // What is left out is what has most and is written least: data, and not pages.
  const ordered = files.toSorted(
    (one, other) =>
      Number(isPage(build, other)) - Number(isPage(build, one)) || one.bytes - other.bytes,
  );
  for (const file of ordered) {
    const { name } = file;
    const source = sources.get(name) ?? (isOwners ? name : `public/${name}`);
    await nameFile(source, async () => {
      const read = await readText(join(folder, name), room);
      if (!read) return;
      room -= read.text.length;
      if (!read.isWhole) found.unread.push(source);
      for (const { audience, html } of splitByRoles(read.text, audienceOf(file))) {
        found.texts.push({ file: source, audience, sentences: listFileSentences(name, html) });
      }
      if (!isPage(build, file)) return;
      const shown = listBundledFiles(read.text);
      found.shown.push(...shown.map((publicFile) => ({ file: source, publicFile })));
    });
  }
  return found;
}

/** What each page shows to roles alone is looked at for itself; any other file goes by in pieces. */
async function* readParts(build: Build, file: BuiltFile, audience: Audience) {
  const path = join(build.folder, file.name);
  if (isPage(build, file) && (audience !== 'public' || build.open)) {
    const read = await readText(path, Infinity);
    for (const part of splitByRoles(read?.text ?? '', audience)) yield part;
    return;
  }
  for await (const html of readPieces(path)) yield { audience, html };
}

/** What looks for the texts that are not for an audience, made once for each. */
function createSearches(texts: PrivateText[]) {
  const searches = new Map<string, ReturnType<typeof createLeakSearch>>();
  return (audience: Audience) => {
    const name = nameAudience(audience);
    const known = searches.get(name);
    if (known) return known;
    const foreign = texts.filter((text) => !mayStandIn(text.audience, audience));
    const search = foreign.length > 0 ? createLeakSearch(foreign) : () => [];
    searches.set(name, search);
    return search;
  };
}

/** @throws naming everything that stands in a file which more people may have */
export async function checkBuild(
  build: Build,
  logger?: Pick<AstroIntegrationLogger, 'warn'>,
): Promise<void> {
  const { folder, files } = build;
  const content = await readContent(build.open ? { ...build, files: [] } : build);
  refuseStrays(build, content);
  const { audiences: pageAudiences, withParts } = await readPageAudiences(build);
  const audienceOf: AudienceOf = ({ path }) =>
    content.audiences.get(path) ?? pageAudiences.get(path) ?? build.access.findAccess(path);
  // The server hands out of them what each person may read.
  const isForServer = ({ path }: BuiltFile) =>
    !build.open && (path === ARTICLES_PATH || path === MEMBERS_CONTENT_PATH);
  const checked = files.filter((file) => !isForServer(file));
  const isRead = (file: BuiltFile) =>
    withParts.has(file.name) ||
    (audienceOf(file) !== 'public' && !isMetered(build, file.path) && !isSearchFile(file.name));
  const { texts, shown, unread } = await readPrivateFiles(
    build,
    checked.filter(isRead),
    audienceOf,
  );
  if (unread.length > 0) {
    logger?.warn(
      `These private files have more text than the check for private text in public files takes in (64 million characters in all); what they hold beyond it was not looked for: ${unread.join(', ')}`,
    );
  }

  const privateTexts = [...content.sections, ...texts, ...content.articles];
  const findSearch = createSearches(privateTexts);
  const leaks: Leak[] = await findWordLeaks(folder, checked, { privateTexts, audienceOf });
  const unused = new Set(shown.map(({ publicFile }) => publicFile));
  async function searchFile(file: BuiltFile): Promise<void> {
    const found = new Map<string, Leak>();
    for await (const { audience, html } of readParts(build, file, audienceOf(file))) {
      for (const origin of findSearch(audience)(html)) {
        const foundIn = describeFile(file.name, html);
        found.set(origin.sentence, { ...origin, foundIn, foundFor: audience });
      }
      if (audience !== 'public') continue;
      for (const name of unused) if (html.includes(name)) unused.delete(name);
    }
    leaks.push(...found.values());
  }
  await doInBatches(checked, FILES_AT_ONCE, (file) =>
    nameFile(build.sources.get(file.name) ?? file.name, () => searchFile(file)),
  );
  const exposed = shown.filter(({ publicFile }) => unused.has(publicFile));
  if (leaks.length + exposed.length === 0) return;
  const shownAs = relative('.', folder);
  const place = { folder: shownAs.startsWith('..') ? folder : shownAs };
  throw createLeakError({ ...place, isOwners: build.open !== undefined }, leaks, exposed);
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
        const sources = mapSources(folder, assets, routes);
        await checkBuild({ folder, files, sources, access: ownAccess }, logger);
      },
    },
  };
}
