import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMeteredPath, isPublicPath } from '@latchkey/shared';
import { builtFolder } from './fixture-site.ts';

/** Every file of the build of the tests' own site: its name, the address it should have, its bytes, and who may have it; articles aside. */
export function listBuiltFiles() {
  return listFiles().filter(({ path }) => !isMeteredPath(path));
}

/** The same of the articles, which go through the meter, and of what stands beside them. */
export function listMeteredFiles() {
  return listFiles().filter(({ path }) => isMeteredPath(path));
}

function listFiles() {
  return readdirSync(builtFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((filePath) => {
      const fileName = relative(builtFolder, filePath);
      const path = `/${fileName.replace(/(^index)?\.html$/, '')}`;
      return {
        fileName,
        path,
        isPage: fileName.endsWith('.html'),
        isPublic: isPublicPath(path),
        bytes: readFileSync(filePath),
      };
    });
}
