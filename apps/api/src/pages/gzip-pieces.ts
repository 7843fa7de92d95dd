import { constants, crc32, deflateRawSync } from 'node:zlib';
import { readBlockRoles, type PagePart } from '@latchkey/shared';
import { escapeHtml } from '../text/escape-html.ts';
import { fillPage } from './fill-page.ts';
import { settleHoles, type PageTemplate } from './page-template.ts';

type Piece = { bytes: Buffer; blocks: Buffer };
type Hole = Extract<PagePart, { kind: 'hole' }>;
/** A page's compressed pieces, and between them the holes for its reader. */
export type GzippedTemplate = (Piece | Hole)[];
type Reader = { id: string; name: string };

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty last block. */
const lastBlock = Buffer.from([3, 0]);
/** The plugin leaves shorter texts alone, too. */
const SHORTEST_PAGE = 1024;
/** Of a block that is not compressed. */
const LONGEST_BLOCK_BYTES = 0xffff;

/** By the hole's key, what a page has of its reader. */
const listReaderValues = ({ id, name }: Reader): Map<string, string> =>
  new Map([
    ['slot:user-id', escapeHtml(id)],
    ['slot:user-name', escapeHtml(name)],
  ]);

/** Whether a part takes more than its reader's name. */
const dependsOnMore = (part: PagePart): boolean =>
  typeof part !== 'string' && (part.kind !== 'hole' || readBlockRoles(part.key) !== null);

/**
 * A page for people who are signed in, whose pieces are compressed once: each is a run of deflate blocks
 * that ends on a byte and refers to nothing before it. Null for a page that is too short, or has lists or
 * parts for roles.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1951 and https://www.zlib.net/manual.html on Z_FULL_FLUSH
 */
export function gzipTemplate(template: PageTemplate): GzippedTemplate | null {
  const personal = settleHoles(template, new Map([['session', 'in']]));
  if (personal.some(dependsOnMore)) return null;
  if (fillPage(personal, { reader: null }).length < SHORTEST_PAGE) return null;
  const parts: GzippedTemplate = [];
  let text = '';
  const endPiece = () => {
    if (text) parts.push(compressPiece(text));
    text = '';
  };
  for (const part of personal) {
    if (typeof part === 'string') text += part;
    else if (part.kind !== 'hole') continue;
    else if (!listReaderValues({ id: '', name: '' }).has(part.key)) text += part.built;
    else {
      endPiece();
      parts.push(part);
    }
  }
  endPiece();
  return parts;
}

/** The same, made when it is first asked for. */
export function keepGzipped(readTemplate: () => PageTemplate): () => GzippedTemplate | null {
  let gzipped: GzippedTemplate | null | undefined;
  return () => (gzipped === undefined ? (gzipped = gzipTemplate(readTemplate())) : gzipped);
}

function compressPiece(text: string): Piece {
  const bytes = Buffer.from(text);
  const options = { level: 9, finishFlush: constants.Z_FULL_FLUSH };
  return { bytes, blocks: deflateRawSync(bytes, options) };
}

/** A text as it is, in blocks of its own: their length tells nothing of what is in it. */
function storeText(text: string): Piece {
  const bytes = Buffer.from(text);
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += LONGEST_BLOCK_BYTES) {
    const stored = bytes.subarray(start, start + LONGEST_BLOCK_BYTES);
    const head = Buffer.alloc(5);
    head.writeUInt16LE(stored.length, 1);
    head.writeUInt16LE(~stored.length & 0xffff, 3);
    chunks.push(head, stored);
  }
  return { bytes, blocks: Buffer.concat(chunks) };
}

/** The page of a reader, as gzip. */
export function joinGzipped(template: GzippedTemplate, reader: Reader): Buffer {
  const values = listReaderValues(reader);
  const chunks: Buffer[] = [header];
  let checksum = 0;
  let length = 0;
  for (const part of template) {
    const { bytes, blocks } =
      'blocks' in part ? part : storeText(part.write(values.get(part.key) ?? ''));
    chunks.push(blocks);
    checksum = crc32(bytes, checksum);
    length += bytes.length;
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(checksum, 0);
  end.writeUInt32LE(length, 4);
  return Buffer.concat([...chunks, lastBlock, end]);
}
