import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nameSearchFolder, SEARCH_PATH, SEARCH_PROGRAM_PATH } from '@latchkey/shared';
import type { AstroIntegration } from 'astro';
import { escapeAttribute } from 'entities';
import { close, createIndex, type PagefindIndex } from 'pagefind';
import { listBuiltFiles, type BuiltFile } from './built-files.ts';
import { listSearchRecords, type SearchRecord } from './search-records.ts';

const reservedFolder = '_search/';
const everybody = nameSearchFolder('public');
/** What a browser needs of an index. Pagefind also brings several interfaces of its own. */
const needed = /^(fragment|index|filter)\/|^pagefind-entry\.json$|\.pf_meta$/;
/** The index that a browser opens first brings it for all. */
const webAssembly = 'wasm.en.pagefind';
const program = 'pagefind.js';

/** The page of the search looks in one language: a site whose pages have several is searched as one. */
const options = { forceLanguage: 'en' };

/** @throws where Pagefind has no program for this machine */
async function openIndex(): Promise<PagefindIndex> {
  const made = await createIndex(options).catch((cause: unknown) => {
    throw new Error(
      'Pagefind, which makes the indexes of the search, does not run on this machine. Install the packages again with the optional ones (npm ci), or build without a search: remove src/pages/search.astro.',
      { cause },
    );
  });
  refuseErrors(made.errors);
  if (!made.index) throw new Error('Pagefind gave no index.');
  return made.index;
}

function refuseErrors(errors: string[]): void {
  if (errors.length > 0) throw new Error(`The search cannot be made: ${errors.join('; ')}`);
}

const wrap = ({ title, html }: SearchRecord) =>
  `<html lang="en"><body><main data-pagefind-body data-pagefind-meta="title[data-title]" data-title="${escapeAttribute(title)}">${html}</main></body></html>`;

/** The files of an index, by their names below its folder. */
async function makeIndex(records: SearchRecord[]): Promise<Map<string, Uint8Array>> {
  const index = await openIndex();
  for (const record of records) {
    const added = await index.addHTMLFile({ url: record.url, content: wrap(record) });
    refuseErrors(added.errors);
  }
  const { errors, files } = await index.getFiles();
  refuseErrors(errors);
  await index.deleteIndex();
  return new Map(files.map(({ path, content }) => [path, content]));
}

async function writeAt(folder: string, path: string, content: Uint8Array): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** @throws where the owner has files at the addresses of the indexes: these say themselves for whom they are */
function refuseOwnFiles(files: BuiltFile[]): void {
  const taken = files.find(({ name }) => name.startsWith(reservedFolder));
  if (!taken) return;
  throw new Error(
    `public/${taken.name} cannot be in the site: the folder ${reservedFolder} is for the indexes of the search. Give yours another name.`,
  );
}

/** Writes an index for each audience, below an address that says for whom it is. */
export async function writeSearchIndexes(folder: string, files: BuiltFile[]): Promise<void> {
  const records = await listSearchRecords(folder, files);
  const indexes = Map.groupBy(records, ({ audience }) => nameSearchFolder(audience));
  try {
    for (const [index, own] of indexes) {
      const isFirst = index === everybody || !indexes.has(everybody);
      for (const [name, content] of await makeIndex(own)) {
        const isNeeded = needed.test(name) || (isFirst && name === webAssembly);
        if (isNeeded) await writeAt(folder, index + name, content);
        if (name === program) await writeAt(folder, SEARCH_PROGRAM_PATH, content);
      }
    }
  } finally {
    await close();
  }
}

/** Makes what `/search` looks in, where the site has that page. */
export function writeSearch(): AstroIntegration {
  return {
    name: 'write-search',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const files = await listBuiltFiles(folder);
        refuseOwnFiles(files);
        if (files.some(({ path }) => path === SEARCH_PATH)) await writeSearchIndexes(folder, files);
      },
    },
  };
}
