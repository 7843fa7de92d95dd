const SHORTEST_BEGINNING = 3;
/** Languages that put no space between words: Pagefind cuts them its own way. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const between = /[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

const listWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(between)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');

/** What forms of a word have in common, at least. */
const beginningOf = (word: string): string =>
  word.slice(0, Math.max(SHORTEST_BEGINNING, Math.floor(word.length / 2)));

/**
 * Whether a page has each word of a query, in some form. Where no page has a word, Pagefind takes those
 * with the longest beginning of it, and so finds every page with "a" for "almanac".
 */
export function hasEachWord(text: string, query: string): boolean {
  if (unspaced.test(query)) return true;
  const words = listWords(text);
  return listWords(query)
    .map(beginningOf)
    .every((beginning) => words.some((word) => word.startsWith(beginning)));
}
