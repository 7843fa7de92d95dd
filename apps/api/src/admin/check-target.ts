import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ownFolder } from '../settings/settings.ts';
import { OperatorError } from './operator-error.ts';

/**
 * The whole path of a file that is to be written. Throws an OperatorError where it cannot be, or
 * would take the place of another unasked.
 *
 * @param typed as it stands on the command line
 */
export function checkTarget(typed: string, overwrite: boolean): string {
  const file = resolve(ownFolder(), typed);
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new OperatorError(
      `There is no folder ${folder}. Nothing was changed. Create it, or choose another folder.`,
    );
  }
  if (typed.endsWith('/') || statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new OperatorError(
      `${typed.endsWith('/') ? `${file}/` : file} is a folder. Nothing was changed. Give the path of a file.`,
    );
  }
  if (!overwrite && existsSync(file)) {
    throw new OperatorError(
      `${file} exists. Nothing was changed. Choose another name, or add --overwrite.`,
    );
  }
  return file;
}
