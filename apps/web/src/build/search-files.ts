import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** Before what Pagefind has compressed. */
const SIGNATURE = 'pagefind_dcd';
const pageUrl = /"url":"((?:[^"\\]|\\.)*)"/g;
const TEXT = 3;

/**
 * Whether a file is of an index of Pagefind: it repeats the texts of pages, which are looked at
 * themselves, and has none of its own.
 */
export const isSearchFile = (name: string): boolean =>
  /\.(pf_fragment|pf_index|pf_meta|pf_filter|pagefind)$/.test(name);

export const isWordList = (name: string): boolean => name.endsWith('.pf_index');

/** A file for people who read a message: one of an index has a name that says nothing. */
export function describeFile(name: string, text: string): string {
  if (!name.endsWith('.pf_fragment')) return name;
  const pages = [...text.matchAll(pageUrl)].map(([, url = '']) => url);
  return pages.length > 0 ? `${name} (${pages.join(', ')})` : name;
}

/**
 * The words of an index, as Pagefind cuts them: without endings, in lower case. It writes CBOR, of which
 * the texts alone are of interest.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8949#name-specification-of-the-cbor-e
 */
export async function readWordList(path: string): Promise<string[]> {
  const file = await readFile(path);
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
  const words: string[] = [];
  for (let at = SIGNATURE.length; at < bytes.length;) {
    const head = bytes[at] ?? 0;
    const { value, size } = readCount(bytes, at);
    at += size;
    if (head >> 5 !== TEXT) continue;
    words.push(bytes.toString('utf8', at, at + value));
    at += value;
  }
  return words;
}

/** The number of an item, which is its length where it is a text, and how many bytes it takes. */
function readCount(bytes: Buffer, at: number): { value: number; size: number } {
  const short = (bytes[at] ?? 0) & 0x1f;
  if (short < 24) return { value: short, size: 1 };
  const width = 2 ** (short - 24);
  if (width > 6) return { value: 0, size: 1 + width };
  return { value: bytes.readUIntBE(at + 1, width), size: 1 + width };
}
