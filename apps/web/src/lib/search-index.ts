import { SEARCH_LIST_PATH, SEARCH_PROGRAM_PATH, type SearchList } from '@latchkey/shared';
import { giveUpLate, openEngine, type Engine, type Fragment } from './search-engine.ts';
import { hasEachWord } from './search-match.ts';

/** A page that was found, and its sections that have the words. */
export type Finding = Pick<Fragment, 'url' | 'excerpt'> & {
  title: string;
  sections: { url: string; title: string }[];
};

/** So many pages are shown at most. */
export const MOST_FINDINGS = 20;
const MOST_SECTIONS = 3;
/** What is found by words like it is among the first, or nowhere. */
const MOST_LOADED = 3 * MOST_FINDINGS;

type Indexes = SearchList['indexes'];
type Opened = { indexes: Indexes; engine: Promise<Engine> };
let opened: Opened | null = null;

const isPrivate = ({ folder }: Indexes[number]) => !folder.endsWith('/public/');

/** Whether what is not for everybody can be found as things are. */
export const holdsPrivate = (): boolean => opened?.indexes.some(isPrivate) ?? false;

/** What the person may search no longer is what is open here: the page has to be loaded anew. */
export class ClosedIndexError extends Error {}

async function readIndexes(): Promise<Indexes> {
  const answer = await fetch(SEARCH_LIST_PATH, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`The list of indexes is answered with ${answer.status}.`);
  return ((await answer.json()) as SearchList).indexes;
}

/** @throws ClosedIndexError where something is open that this person may no longer have */
async function open(): Promise<Engine | null> {
  const indexes = await readIndexes();
  const folders = indexes.map(({ folder }) => folder);
  if (opened?.indexes.some((one) => isPrivate(one) && !folders.includes(one.folder))) {
    throw new ClosedIndexError();
  }
  if (folders.length === 0) return null;
  if (JSON.stringify(opened?.indexes) !== JSON.stringify(indexes)) {
    opened = { indexes, engine: openEngine(SEARCH_PROGRAM_PATH, folders) };
  }
  const current = opened;
  return (
    current?.engine.catch((fault: unknown) => {
      // The next search begins anew.
      if (opened === current) opened = null;
      throw fault;
    }) ?? null
  );
}

/** Loads what a search will need. */
export async function prepareSearch(): Promise<void> {
  await giveUpLate(open());
}

/** A page that is in several indexes, such as one with parts for a role, is found once. */
function gather(fragments: Fragment[]): Finding[] {
  const findings = new Map<string, Finding>();
  for (const { url, meta, excerpt, sub_results } of fragments) {
    const title = meta['title'] ?? url;
    const sections = sub_results
      .filter((part) => part.anchor && part.title !== title)
      .map((part) => ({ url: part.url, title: part.title }));
    const known = findings.get(url) ?? { url, title, excerpt, sections: [] };
    const fresh = sections.filter((one) => known.sections.every((other) => other.url !== one.url));
    known.sections = [...known.sections, ...fresh].slice(0, MOST_SECTIONS);
    findings.set(url, known);
  }
  return [...findings.values()];
}

async function search(query: string): Promise<Finding[] | null> {
  const engine = await open();
  if (!engine) return null;
  const { results } = await engine.search(query);
  const fragments: Fragment[] = [];
  for (let start = 0; start < Math.min(results.length, MOST_LOADED); start += MOST_FINDINGS) {
    const next = results.slice(start, start + MOST_FINDINGS).map(({ data }) => data());
    const isMeant = ({ meta, content }: Fragment) =>
      hasEachWord(`${meta['title'] ?? ''} ${content}`, query);
    fragments.push(...(await Promise.all(next)).filter(isMeant));
    if (fragments.length >= MOST_FINDINGS) break;
  }
  return gather(fragments).slice(0, MOST_FINDINGS);
}

/**
 * The pages with these words, the best first; null where the site has no index.
 *
 * @throws ClosedIndexError where the page has to be loaded anew, and any other error where nothing comes
 */
export const findPages = (query: string): Promise<Finding[] | null> => giveUpLate(search(query));
