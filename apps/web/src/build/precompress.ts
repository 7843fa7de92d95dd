import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { BUILD_FOLDER, encodedEndings, ENCODED_FOLDER } from '@latchkey/shared';
import type { AstroIntegration } from 'astro';
import { doInBatches } from './batches.ts';

const textFile = /\.(html|css|m?js|json|svg|txt|xml|webmanifest)$/;
/** Larger files go out as they are: to compress one would take minutes and much memory. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Beyond it, brotli's best takes seconds a file. */
const BEST_UP_TO_BYTES = 1024 * 1024;
const QUICK_QUALITY = 9;
const FILES_AT_ONCE = 8;

const encoders = {
  br: (content: Buffer) =>
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]:
          content.length > BEST_UP_TO_BYTES ? QUICK_QUALITY : constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  gzip: (content: Buffer) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

async function compressFile(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  if ((await stat(path)).size > MOST_BYTES) return;
  const content = await readFile(path);
  for (const encoding of ['br', 'gzip'] as const) {
    const encoded = await encoders[encoding](content);
    if (encoded.length >= content.length) continue;
    const copy = join(folder, ENCODED_FOLDER, name + encodedEndings[encoding]);
    await mkdir(dirname(copy), { recursive: true });
    await writeFile(copy, encoded);
  }
}

/** Lays a brotli and a gzip copy of every text file into a folder of their own, for the server to send. */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && textFile.test(entry.name))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll(sep, '/'))
    .filter((name) => !name.startsWith(BUILD_FOLDER));
  await doInBatches(names, FILES_AT_ONCE, (name) => compressFile(folder, name));
}

export function precompress(): AstroIntegration {
  return {
    name: 'precompress',
    hooks: { 'astro:build:done': ({ dir }) => compressFiles(fileURLToPath(dir)) },
  };
}
