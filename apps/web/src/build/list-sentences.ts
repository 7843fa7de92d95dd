import { parse, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Shorter sentences may stand in two places by chance. */
const LEAST_WORDS = 5;
/** Unicode's paragraph separator. */
const BREAK = '\u2029';
const blocks = new Set(
  'address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p pre section summary table tbody td textarea tfoot th thead tr ul'.split(
    ' ',
  ),
);
const unread = new Set(['script', 'style', 'noembed', 'noframes', 'iframe']);
const labels = new Set(['alt', 'aria-label', 'aria-description', 'placeholder', 'title']);
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const words = new Intl.Segmenter('en', { granularity: 'word' });

const isElement = (node: Node): node is Element => 'tagName' in node;

function listChildren(node: Node): Node[] {
  if ('content' in node) return node.content.childNodes;
  return 'childNodes' in node ? node.childNodes : [];
}

function findElement(node: Node, name: string): Node | undefined {
  if (node.nodeName === name) return node;
  for (const child of listChildren(node)) {
    const found = findElement(child, name);
    if (found) return found;
  }
  return undefined;
}

function isLeftOut({ tagName, attrs }: Element): boolean {
  return unread.has(tagName) || attrs.some(({ name }) => name === 'data-public');
}

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

/** What is read in the place of an image or a control, or shown when it is pointed at. */
function listLabels(node: Node): string[] {
  if (!isElement(node) || isLeftOut(node)) return [];
  const own = node.attrs.filter(({ name }) => labels.has(name)).map(({ value }) => value);
  return [...own, ...listChildren(node).flatMap(listLabels)];
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
  const document = parse(html, { scriptingEnabled: false });
  const root = findElement(document, 'main') ?? findElement(document, 'body') ?? document;
  return splitIntoSentences([...readText(root).split(BREAK), ...listLabels(root)]);
}

function listStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(listStrings) : [];
}

/** The same for any file of text, by its name: of JSON all strings, and of programs and styles nothing. */
export function listFileSentences(name: string, text: string): string[] {
  if (/\.(html|xml|svg)$/.test(name)) return listSentences(text);
  if (/\.(m?js|css|map)$/.test(name)) return [];
  if (/\.json$/.test(name)) return listStrings(JSON.parse(text)).flatMap(listSentences);
  // A line may be a whole entry of a list, or go on in the next.
  return splitIntoSentences([...new Set([...text.split('\n'), ...text.split(/\n\s*\n/)])]);
}
