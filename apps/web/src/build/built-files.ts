import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_FOLDER, nameAddress, REDIRECTS_FILE } from '@latchkey/shared';
import type { IntegrationResolvedRoute } from 'astro';

/** A file of the build, by its name below the folder and by the path at which it is served. */
export type BuiltFile = { name: string; path: string; bytes: number };

const nameBelow = (folder: string, path: string) => relative(folder, path).replaceAll(sep, '/');

/**
 * Every file of the build.
 *
 * @throws naming the files of one address, and what lies where the build writes for the server
 */
export async function listBuiltFiles(folder: string): Promise<BuiltFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: BuiltFile[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const name = nameBelow(folder, file);
    if (name === REDIRECTS_FILE) continue;
    if (name.startsWith(BUILD_FOLDER)) throw createReservedError(name);
    files.push({ name, path: nameAddress(name), bytes: (await stat(file)).size });
  }
  refuseTwins(files);
  return files;
}

function createReservedError(name: string): Error {
  return new Error(
    `public/${name} cannot be in the site: the folder ${BUILD_FOLDER} is for what the build tells the server. Give yours another name.`,
  );
}

/** @throws naming the files of one address: all but one of them would be lost */
function refuseTwins(files: BuiltFile[]): void {
  const twins = [...Map.groupBy(files, ({ path }) => path)].filter(([, { length }]) => length > 1);
  if (twins.length === 0) return;
  const lines = twins.map(
    ([path, them]) => `  ${path}: ${them.map(({ name }) => name).join(', ')}`,
  );
  throw new Error(
    ['Several files have one address. Rename or remove all but one:', ...lines].join('\n'),
  );
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
