import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** So much of a file tells whether it is text. A picture or a film is read no further. */
const HEAD_BYTES = 64 * 1024;
/** A long text is looked through in pieces of so many characters… */
const PIECE_LENGTH = 1024 * 1024;
/** …which share so many with the one before, so that no sentence is cut. */
const OVERLAP = 16 * 1024;
// eslint-disable-next-line no-control-regex -- control characters are what tells data from text
const notInText = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/;

/** How the bytes of a text are to be read, by their beginning, or null where they are no text. */
function chooseDecoder(head: Uint8Array): TextDecoder | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  if (head.includes(0)) return null;
  try {
    // As a stream: the last character may go on behind the head.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return new TextDecoder('utf-8');
  } catch {
    const latin = new TextDecoder('windows-1252');
    return notInText.test(latin.decode(head)) ? null : latin;
  }
}

/** Search engines for static sites compress the texts of their index. */
async function openUnzipped(path: string): Promise<Readable> {
  await using file = await open(path);
  const { buffer } = await file.read({ buffer: Buffer.alloc(2) });
  const bytes = createReadStream(path, { highWaterMark: HEAD_BYTES });
  if (buffer[0] !== 0x1f || buffer[1] !== 0x8b) return bytes;
  // Where it fails, whoever reads is told.
  return pipeline(bytes, createGunzip({ chunkSize: HEAD_BYTES }), () => undefined);
}

/** Not every file that begins like a gzip is one: what came before the fault is looked at all the same. */
async function* skipBrokenEnd(bytes: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of bytes) yield chunk as Buffer;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
  }
}

/** The text of a file, a chunk at a time, unzipped. A file that is no text has none. */
async function* decodeFile(path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of skipBrokenEnd(await openUnzipped(path))) {
    decoder ??= chooseDecoder(chunk);
    if (!decoder) return;
    yield decoder.decode(chunk, { stream: true });
  }
}

/**
 * The text of a file up to a bound, or null where it is no text.
 *
 * @param mostCharacters beyond which it is not read, and not whole
 */
export async function readText(
  path: string,
  mostCharacters: number,
): Promise<{ text: string; isWhole: boolean } | null> {
  let text = '';
  for await (const chunk of decodeFile(path)) {
    text += chunk;
    if (text.length > mostCharacters)
      return { text: text.slice(0, mostCharacters), isWhole: false };
  }
  return text ? { text, isWhole: true } : null;
}

/** The text of a file in pieces that overlap, so that no file is in memory as a whole. */
export async function* readPieces(path: string): AsyncGenerator<string> {
  let piece = '';
  for await (const chunk of decodeFile(path)) {
    piece += chunk;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = piece.slice(-OVERLAP);
  }
  yield piece;
}
