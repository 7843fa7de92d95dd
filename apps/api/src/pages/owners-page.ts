import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page as its marks are read, and whether it is one that the server can complete. */
export type OwnersPage = { html: string; isUtf8: boolean };

const roleBlock = /<!--(if|unless):role:/;

export const hasRoleBlocks = (html: string): boolean => roleBlock.test(html);

/** The page that a file is, or null for a file of any other kind. */
export function readOwnersPage(folder: string, name: string): OwnersPage | null {
  if (!/\.html?$/i.test(name)) return null;
  const bytes = readFileSync(join(folder, name));
  return isUtf8(bytes)
    ? { html: bytes.toString(), isUtf8: true }
    : { html: decodeOther(bytes), isUtf8: false };
}

/** Marks are in ASCII, so it makes no difference which alphabet the other letters are of. */
function decodeOther(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('latin1');
}
