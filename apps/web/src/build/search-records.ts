import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  articlePath,
  ARTICLES_PATH,
  articlesContent,
  entryPages,
  isMeteredPath,
  isNotIndexed,
  ownAccess,
  SEARCH_PATH,
  SITE_NAME,
  UNLIMITED_READER_ROLE,
  type Access,
  type Article,
} from '@latchkey/shared';
import { escapeText } from 'entities';
import { doInBatches } from './batches.ts';
import type { BuiltFile } from './built-files.ts';
import { findElement, listChildren, parsePage, type Node } from './page-tree.ts';
import { listSearchedParts } from './searched-parts.ts';

/** What the same people find of one page. */
export type SearchRecord = { url: string; title: string; audience: Access; html: string };

const FILES_AT_ONCE = 8;
/** Nobody lands there from a search. */
const unsearched = new Set([...entryPages, '/404', '/problem', SEARCH_PATH]);
const accountFolder = /^\/(dashboard|operator)(\/|$)/;
const listPath = '/blog';
const titleEnd = ` · ${SITE_NAME}`;

function readText(node: Node): string {
  return 'value' in node ? node.value : listChildren(node).map(readText).join('');
}

const encodePath = (path: string) => encodeURI(path).replace(/[?#]/g, encodeURIComponent);

const textOf = (node?: Node) => (node ? readText(node).replace(/\s+/g, ' ').trim() : '');

/** What a page is called, without the name of the site. */
function readTitle(html: string, path: string): string {
  const page = parsePage(html);
  const title = textOf(findElement(page, 'title'));
  const own = title.endsWith(titleEnd) ? title.slice(0, -titleEnd.length) : title;
  return own || textOf(findElement(page, 'h1')) || path;
}

const isSearched = ({ name, path }: BuiltFile): boolean =>
  name.endsWith('.html') &&
  !unsearched.has(path) &&
  !accountFolder.test(path) &&
  !isMeteredPath(path);

/** The list of articles repeats how each begins, and each is found itself. */
const withoutArticles = (html: string) => html.replace(/<article\b[\s\S]*?<\/article>/g, '');

async function readPage(folder: string, { name, path }: BuiltFile): Promise<SearchRecord[]> {
  const html = await readFile(join(folder, name), 'utf8');
  const access = ownAccess.findPage(path, html);
  // What search engines are to leave out is no page to land on. Members' pages all say so.
  if (access === 'public' && isNotIndexed(html)) return [];
  const title = readTitle(html, path);
  const parts = listSearchedParts(path === listPath ? withoutArticles(html) : html, access);
  return parts.map((part) => ({ url: encodePath(path), title, ...part }));
}

/** Everybody finds how a metered article begins. Who reads without limit finds all of it. */
function readArticle({ slug, title, isFree, access, leadHtml, restHtml }: Article): SearchRecord[] {
  const url = encodePath(articlePath(slug));
  const heading = `<h1>${escapeText(title)}</h1>`;
  const list = (audience: Access, html: string) =>
    listSearchedParts(heading + html, audience).map((part) => ({ url, title, ...part }));
  const whole = leadHtml + restHtml;
  if (isFree) return list('public', whole);
  if (access !== null) return list(access, whole);
  return [...list('public', leadHtml), ...list([UNLIMITED_READER_ROLE], whole)];
}

async function readArticles(folder: string, files: BuiltFile[]): Promise<SearchRecord[]> {
  const file = files.find(({ path }) => path === ARTICLES_PATH);
  if (!file) return [];
  const text = await readFile(join(folder, file.name), 'utf8');
  return articlesContent.parse(JSON.parse(text)).items.flatMap(readArticle);
}

const hasWords = (html: string) => /[\p{L}\p{N}]/u.test(textOf(parsePage(html)));

const isForSomebody = ({ audience, html }: SearchRecord): boolean =>
  audience.length > 0 && hasWords(html);

/** A title is found as it is. As a heading as well, it would be all that an excerpt shows. */
function withoutTitle(record: SearchRecord): SearchRecord {
  const html = record.html.replace(/<h1\b[\s\S]*?<\/h1>/, (heading) =>
    textOf(parsePage(heading)) === record.title ? '' : heading,
  );
  return hasWords(html) ? { ...record, html } : record;
}

/** All that people may find on a site, by who may find it, in the order of the addresses. */
export async function listSearchRecords(
  folder: string,
  files: BuiltFile[],
): Promise<SearchRecord[]> {
  const records = await readArticles(folder, files);
  await doInBatches(files.filter(isSearched), FILES_AT_ONCE, async (file) => {
    records.push(...(await readPage(folder, file)));
  });
  return records
    .filter(isForSomebody)
    .map(withoutTitle)
    .toSorted((one, other) => Number(one.url > other.url) - Number(one.url < other.url));
}
