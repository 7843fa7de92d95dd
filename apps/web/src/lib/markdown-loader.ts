import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob, type Loader, type LoaderContext } from 'astro/loaders';
import { checkKeys, explainUnread } from './front-matter.ts';

type Options = {
  /** Below the site's folder, such as `src/content/blog`. */
  folder: string;
  keys: string[];
  /** The id of an entry, by its file's name and the `slug` of its front matter. */
  nameEntry: (entry: string, slug: unknown) => string;
};
type Publication = { draft?: unknown; date?: unknown };

/** Until then it is the same day somewhere on earth. */
const DAY_AHEAD_MS = 14 * 3_600_000;

/** Whether a text is to be seen by its author alone, in `npm run dev`. */
export function isUnpublished({ draft, date }: Publication): boolean {
  return draft === true || isInFuture(date);
}

const isInFuture = (date: unknown) =>
  date instanceof Date && date.getTime() > Date.now() + DAY_AHEAD_MS;

/**
 * Loads the Markdown files of a folder, but for those whose name begins with `_`. A build leaves drafts
 * out from the beginning, so that not even their pictures get into it.
 */
export function loadMarkdown(options: Options): Loader {
  const { folder } = options;
  const entries = new Map<string, string>();
  const generateId = ({ entry, data }: { entry: string; data: Record<string, unknown> }) => {
    const id = options.nameEntry(entry, data['slug']);
    refuseTwin(folder, entries.get(id.toLowerCase()), entry, id);
    entries.set(id.toLowerCase(), entry);
    return id;
  };
  const pattern = ['**/*.md', '!**/_*', '!**/_*/**'];
  const files = glob({ pattern, base: `./${folder}`, generateId });
  return {
    name: 'markdown-loader',
    load: async (context) => {
      await refuseUnread(fileURLToPath(context.config.root), folder);
      // What is told of a text is told at each build, also where it has not changed.
      if (!context.watcher) context.store.clear();
      return files.load(watchContext(context, options));
    },
  };
}

function watchContext(context: LoaderContext, { folder, keys }: Options): LoaderContext {
  const { logger, watcher, store } = context;
  const known = new Set(keys);
  const parseData: LoaderContext['parseData'] = async (entry) => {
    const file = relative(fileURLToPath(context.config.root), entry.filePath ?? folder);
    const warning = checkKeys(file, entry.data, known);
    if (warning !== null) logger.warn(warning);
    const data = await context.parseData(entry);
    const { date } = data as Publication;
    if (isInFuture(date)) logger.warn(tellFuture(file, date as Date));
    return data;
  };
  const set: typeof store.set = (entry) =>
    !watcher && isUnpublished(entry.data) ? false : store.set(entry);
  return { ...context, parseData, store: { ...store, set } };
}

const tellFuture = (file: string, date: Date) =>
  `${file}: its date, ${date.toISOString().slice(0, 10)}, is in the future, so it is left out. A site of files cannot publish by itself: build it again on that day, with "npm run build -- --force".`;

/** @throws where two files would have one address, and one would be lost */
function refuseTwin(folder: string, other: string | undefined, entry: string, id: string): void {
  if (other === undefined || other === entry || !existsSync(join(folder, other))) return;
  throw new Error(
    `${folder}/${other} and ${folder}/${entry} have the same address, ending in "${id}". Rename one, or give it another slug.`,
  );
}

/** @throws naming the files that look like texts and would be left out without a word */
async function refuseUnread(root: string, folder: string): Promise<void> {
  const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
  const isAside = (name: string) => name.split('/').some((part) => /^[._]/.test(part));
  const faults = names
    .filter((name) => !isAside(name))
    .map((name) => explainUnread(`${folder}/${name}`))
    .filter((fault) => fault !== null);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}
