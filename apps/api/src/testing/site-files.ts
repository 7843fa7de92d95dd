import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isMeteredPath, isPublicPath } from '@latchkey/shared';
import { projectRoot } from '../settings.ts';

export const builtFolder = resolve(projectRoot, 'apps/web/dist');

/** Every file of the real build: its name, the address it should have, its bytes, and who may have it; articles aside. */
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
