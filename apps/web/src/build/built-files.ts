import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { nameAddress } from '@latchkey/shared';
import type { IntegrationResolvedRoute } from 'astro';

/** A file of the build, by its name below the folder and by the path at which it is served. */
export type TextFile = { name: string; path: string; text: string };

const nameBelow = (folder: string, path: string) => relative(folder, path).replaceAll(sep, '/');

/** Search engines for static sites compress the texts of their index. */
async function readUnzipped(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isZipped ? promisify(gunzip)(bytes).catch(() => bytes) : bytes;
}

async function readTextFile(folder: string, name: string): Promise<TextFile | null> {
  const bytes = await readUnzipped(join(folder, name));
  const isText = isUtf8(bytes) && !bytes.includes(0);
  return isText ? { name, path: nameAddress(name), text: bytes.toString('utf8') } : null;
}

/** Every file of the build that is text, whatever its name ends in, compressed by gzip or not. */
export async function readTextFiles(folder: string): Promise<TextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => nameBelow(folder, join(entry.parentPath, entry.name)));
  const files = await Promise.all(names.map((name) => readTextFile(folder, name)));
  return files.filter((file) => file !== null);
}

/**
 * By the name of a built file, the file that it was built from.
 *
 * @param assets the built files of each route, by its pattern
 */
export function mapSources(
  folder: string,
  assets: Map<string, URL[]>,
  routes: IntegrationResolvedRoute[],
): Map<string, string> {
  return new Map(
    routes.flatMap(({ pattern, entrypoint }) => {
      const urls = assets.get(pattern) ?? [];
      return urls.map((url) => [nameBelow(folder, fileURLToPath(url)), entrypoint] as const);
    }),
  );
}
