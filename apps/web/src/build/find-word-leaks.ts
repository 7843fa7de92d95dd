import { dirname, join } from 'node:path';
import { mayStandIn, type Audience } from './audiences.ts';
import type { BuiltFile } from './built-files.ts';
import type { Leak, PrivateText } from './find-leaks.ts';
import { readText } from './read-text.ts';
import { isWordList, readWordList } from './search-files.ts';

/** Shorter words stand anywhere. */
const LEAST_LETTERS = 5;
/** The endings that Pagefind takes off or changes are not longer. */
const LONGEST_ENDING = 3;

type Texts = { privateTexts: PrivateText[]; audienceOf: (file: BuiltFile) => Audience };

/** Letters and digits without accents, as Pagefind compares words. */
const reduce = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** What of a word is the same in all of its forms. */
const cutEnding = (word: string) =>
  word.slice(0, Math.max(LEAST_LETTERS, word.length) - LONGEST_ENDING);

/** All that the pages of an index say, as its fragments have it. */
async function readFragments(folder: string, files: BuiltFile[], index: string): Promise<string> {
  const fragments = files.filter(({ name }) => name.startsWith(`${index}/fragment/`));
  let text = '';
  for (const { name } of fragments) {
    text += reduce((await readText(join(folder, name), Infinity))?.text ?? '');
  }
  return text;
}

/** By the beginnings of its words, what is not for an audience. */
function listForeignWords(privateTexts: PrivateText[], audience: Audience) {
  const words = new Map<string, { text: PrivateText; sentence: string }>();
  for (const text of privateTexts.filter((one) => !mayStandIn(one.audience, audience))) {
    for (const sentence of text.sentences) {
      for (const word of sentence.split(/\s+/).map(reduce)) {
        if (word.length >= LEAST_LETTERS) words.set(cutEnding(word), { text, sentence });
      }
    }
  }
  return words;
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
    for (const list of own) {
      const audience = audienceOf(list);
      const foreign = listForeignWords(privateTexts, audience);
      for (const word of (await readWordList(join(folder, list.name))).map(reduce)) {
        const origin = word.length < LEAST_LETTERS ? undefined : foreign.get(cutEnding(word));
        if (!origin || pages.includes(cutEnding(word))) continue;
        const { file, audience: whose } = origin.text;
        leaks.push({
          file,
          audience: whose,
          sentence: word,
          foundIn: list.name,
          foundFor: audience,
        });
      }
    }
  }
  return leaks;
}
