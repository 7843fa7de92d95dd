import {
  findElement,
  isElement,
  isLeftOut,
  listAttributes,
  listChildren,
  parsePage,
  type Node,
} from './page-tree.ts';

/** Shorter sentences may stand in two places by chance. */
const LEAST_WORDS = 5;
/** Unicode's paragraph separator. */
const BREAK = '\u2029';
const blocks = new Set(
  'address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p pre section summary table tbody td textarea tfoot th thead tr ul'.split(
    ' ',
  ),
);
/** What is read in the place of an image or a control, or shown when it is pointed at. */
const labels = new Set(['alt', 'aria-label', 'aria-description', 'placeholder', 'title']);
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });

/** What people read, with a break where one thing ends and the next begins. */
function readText(node: Node, isCode = false): string {
  if ('value' in node) return isCode ? node.value.replaceAll('\n', BREAK) : node.value;
  if (!isElement(node)) return '';
  if (isLeftOut(node)) return BREAK;
  const inside = listChildren(node)
    .map((child) => readText(child, isCode || node.tagName === 'pre'))
    .join('');
  return blocks.has(node.tagName) ? BREAK + inside + BREAK : inside;
}

function countWords(sentence: string): number {
  return [...words.segment(sentence)].filter(({ isWordLike }) => isWordLike).length;
}

function splitIntoSentences(texts: string[]): string[] {
  return texts
    .flatMap((text) => [...sentences.segment(text.replace(/\s+/g, ' '))])
    .map(({ segment }) => segment.trim())
    .filter((sentence) => countWords(sentence) >= LEAST_WORDS);
}

/**
 * The sentences of a page's `<main>`, or of all of it where it has none; a heading, an item of a list,
 * a line of code or the words for an image are one too. What stands in an element with `data-public`
 * is left out.
 */
export function listSentences(html: string): string[] {
  const document = parsePage(html);
  const root = findElement(document, 'main') ?? findElement(document, 'body') ?? document;
  return splitIntoSentences([...readText(root).split(BREAK), ...listAttributes(root, labels)]);
}

/** Not by recursion: data may be nested deeper than calls may be. */
function listStrings(data: unknown): string[] {
  const strings: string[] = [];
  const left = [data];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') strings.push(value);
    else if (value && typeof value === 'object') {
      const values: unknown[] = Object.values(value);
      for (const inside of values.toReversed()) left.push(inside);
    }
  }
  return strings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const quotedText = /"((?:[^"\\\n]|\\.)*)"/g;

/** What stands in double quotes in JSON with comments, JSON Lines, CSV, YAML or TOML. */
function listQuoted(text: string): string[] {
  return [...text.matchAll(quotedText)].map(([whole, inside = '']) => {
    const value = parseJson(whole);
    return typeof value === 'string' ? value : inside;
  });
}

/** What a PDF that is not compressed shows. All else in it is its maker's, and the same in many. */
const shownText = /(?<!\/(?:Producer|Creator)\s*)\(((?:[^()\\]|\\.)*)\)/gs;

/**
 * The same for any file of text, by its name: of JSON all strings, of a PDF what it shows, and of programs
 * and styles nothing.
 */
export function listFileSentences(name: string, text: string): string[] {
  if (/\.(html?|xml|svg)$/i.test(name)) return listSentences(text);
  if (/\.(m?js|css|map)$/i.test(name)) return [];
  if (/\.pdf$/i.test(name)) {
    return splitIntoSentences([...text.matchAll(shownText)].map(([, shown = '']) => shown));
  }
  const data = /\.json$/i.test(name) ? parseJson(text) : undefined;
  if (data !== undefined) return listStrings(data).flatMap(listSentences);
  // A line may be a whole entry of a list, or go on in the next.
  const parts = new Set([...text.split('\n'), ...text.split(/\n\s*\n/)]);
  return [...splitIntoSentences([...parts]), ...listQuoted(text).flatMap(listSentences)];
}
