import { dirname, join } from 'node:path';
import { mayStandIn, type Audience } from './audiences.ts';
import type { BuiltFile } from './built-files.ts';
import type { Leak, PrivateText } from './find-leaks.ts';
import { readText } from './read-text.ts';
import { isWordList, readWordList } from './search-files.ts';

/** Shorter words stand anywhere. */
const LEAST_LETTERS = 5;

type Texts = { privateTexts: PrivateText[]; audienceOf: (file: BuiltFile) => Audience };

/** Letters and digits without accents, as Pagefind compares words. */
const reduce = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Pagefind takes endings off words, and may have changed the last letter of what is left: `happi`. */
const beginningOf = (stem: string) => stem.slice(0, -1);

/** All that the pages of an index say, as its fragments have it. */
async function readFragments(folder: string, files: BuiltFile[], index: string): Promise<string> {
  const fragments = files.filter(({ name }) => name.startsWith(`${index}/fragment/`));
  let text = '';
  for (const { name } of fragments) {
    text += reduce((await readText(join(folder, name), Infinity))?.text ?? '');
  }
  return text;
}

/** What finds in which text a word stands that is not for an audience. */
function createFindForeign(privateTexts: PrivateText[], audience: Audience) {
  const origins = new Map<string, PrivateText>();
  for (const text of privateTexts.filter((one) => !mayStandIn(one.audience, audience))) {
    const words = text.sentences.flatMap((sentence) => sentence.split(/\s+/)).map(reduce);
    for (const word of words) if (!origins.has(word)) origins.set(word, text);
  }
  return (beginning: string) =>
    [...origins].find(([word]) => word.startsWith(beginning))?.[1] ?? null;
}

/**
 * Looks through the lists of words of search indexes. A word that no page of its index has, and that a
 * text has which is not for everybody who gets the index, came from that text.
 */
export async function findWordLeaks(
  folder: string,
  files: BuiltFile[],
  { privateTexts, audienceOf }: Texts,
): Promise<Leak[]> {
  const leaks: Leak[] = [];
  const lists = files.filter(({ name }) => isWordList(name));
  for (const [index, own] of Map.groupBy(lists, ({ name }) => dirname(dirname(name)))) {
    const pages = await readFragments(folder, files, index);
    const isStray = (word: string) =>
      word.length >= LEAST_LETTERS && !pages.includes(beginningOf(word));
    for (const list of own) {
      const strays = (await readWordList(join(folder, list.name))).map(reduce).filter(isStray);
      const foundFor = audienceOf(list);
      const findForeign = strays.length > 0 ? createFindForeign(privateTexts, foundFor) : null;
      for (const word of strays) {
        const origin = findForeign?.(beginningOf(word));
        if (!origin) continue;
        const { file, audience } = origin;
        leaks.push({ file, audience, sentence: word, foundIn: list.name, foundFor });
      }
    }
  }
  return leaks;
}
