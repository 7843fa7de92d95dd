import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BUILD_FOLDER, isMeteredPath, isPublicPath } from '@latchkey/shared';
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
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((filePath) => !relative(builtFolder, filePath).startsWith(BUILD_FOLDER))
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
