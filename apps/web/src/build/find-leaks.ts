import { decodeHTML } from 'entities';
import type { Audience } from './audiences.ts';
import { createSearch } from './find-texts.ts';

/** Sentences that are not for everybody, whom they are for, and the file that they were written in. */
export type PrivateText = { file: string; audience: Audience; sentences: string[] };
export type Origin = { file: string; audience: Audience; sentence: string };
/** A sentence and the file that it stands in, which more people may have. */
export type Leak = Origin & { foundIn: string; foundFor: Audience };

/** HTML in a feed, or in JSON in an attribute, is escaped twice. */
const DEEPEST_ESCAPE = 3;
const anyTag = /<[^>]*>/g;

const scriptEscape = /\\u\{([\da-f]{1,5})\}|\\u([\da-f]{4})|\\x([\da-f]{2})/gi;

function unescapeScript(text: string): string {
  return text
    .replace(scriptEscape, (_, ...[long, usual, short]: string[]) =>
      String.fromCodePoint(parseInt(long ?? usual ?? short ?? '', 16)),
    )
    .replace(/\\[nrt]/g, ' ');
}

function unescape(text: string, depth = DEEPEST_ESCAPE): string {
  const unescaped = decodeHTML(unescapeScript(text));
  return depth === 0 || unescaped === text ? unescaped : unescape(unescaped, depth - 1);
}

/** Letters and digits alone: neither marks, nor spaces, nor the way of quoting make a difference. */
function reduce(text: string): string {
  return unescape(text)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** A file in three readings: with its tags for attributes and scripts, and without for words in bold. */
function readThreeWays(text: string): string[] {
  return [text, text.replace(anyTag, ''), unescape(text).replace(anyTag, '')].map(reduce);
}

/**
 * Looks for every sentence of the private texts, as text, in an attribute or in a script.
 *
 * @returns what lists those that stand in a public text
 */
export function createLeakSearch(privateTexts: PrivateText[]): (text: string) => Origin[] {
  // A members' text stands on its page and in its own file: the first to have it is named.
  const origins = new Map<string, Origin>();
  for (const { file, audience, sentences } of privateTexts) {
    for (const sentence of sentences) {
      const reduced = reduce(sentence);
      if (!origins.has(reduced)) origins.set(reduced, { file, audience, sentence });
    }
  }
  const search = createSearch([...origins.keys()]);
  return (text) => {
    const found = new Set(readThreeWays(text).flatMap((reading) => [...search(reading)]));
    return [...origins].filter(([reduced]) => found.has(reduced)).map(([, origin]) => origin);
  };
}
