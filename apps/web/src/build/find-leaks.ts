/** A text that is not for everybody, and the file that it was written in. */
export type PrivateText = { file: string; html: string };
/** A file of the build that anybody may have. */
export type PublicFile = { name: string; text: string };
export type Leak = { file: string; sentence: string; publicFile: string };

/** Shorter sentences may stand in two places by chance. */
const LEAST_WORDS = 5;
/** Unicode's paragraph separator. */
const BREAK = '\u2029';
const blockTag =
  /<\/?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|table|thead|tbody|tr|td|th|pre|blockquote|section|figure|figcaption|br|hr)\b[^>]*>/gi;
const anyTag = /<[^>]*>/g;
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hex, decimal, name) => {
    const code = hex ? parseInt(String(hex), 16) : Number(decimal);
    if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    return entities[String(name)] ?? entity;
  });
}

/** Letters and digits alone: neither marks, nor spaces, nor the way of quoting make a difference. */
function reduce(text: string): string {
  return decodeEntities(text)
    .replace(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\[nrt]/g, ' ')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The sentences of a text in HTML; a heading, an item of a list or a line of code is one too. */
export function listSentences(html: string): string[] {
  const codeByLine = html.replace(/<pre\b.*?<\/pre>/gs, (code) => code.replaceAll('\n', BREAK));
  const text = codeByLine.replaceAll('\n', ' ').replace(blockTag, BREAK).replace(anyTag, '');
  const lines = decodeEntities(text).split(BREAK);
  return lines
    .flatMap((line) => [...segmenter.segment(line)])
    .map(({ segment }) => segment.replace(/\s+/g, ' ').trim())
    .filter((sentence) => (sentence.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) >= LEAST_WORDS);
}

/** Every sentence of the private texts that stands in a public file, as text, in an attribute or in a script. */
export function findLeaks(privateTexts: PrivateText[], publicFiles: PublicFile[]): Leak[] {
  const haystacks = publicFiles.map(({ name, text }) => ({
    name,
    // With its tags for attributes and scripts, and without for sentences that have a word in bold.
    texts: [reduce(text), reduce(text.replace(anyTag, ''))],
  }));
  return privateTexts.flatMap(({ file, html }) =>
    listSentences(html).flatMap((sentence) => {
      const needle = reduce(sentence);
      return haystacks
        .filter(({ texts }) => texts.some((text) => text.includes(needle)))
        .map(({ name }) => ({ file, sentence, publicFile: name }));
    }),
  );
}
