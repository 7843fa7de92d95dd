import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OperatorError } from './operator-error.ts';

/** Throws an OperatorError where a file cannot be written, or would take the place of another unasked. */
export function checkTarget(file: string, overwrite: boolean): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) {
    throw new OperatorError(
      `There is no folder ${folder}. Nothing was changed. Make it, or choose another.`,
    );
  }
  if (file.endsWith('/') || statSync(resolve(file), { throwIfNoEntry: false })?.isDirectory()) {
    throw new OperatorError(`${file} is a folder. Nothing was changed. Name a file in it.`);
  }
  if (!overwrite && existsSync(file)) {
    throw new OperatorError(
      `${file} exists. Nothing was changed. Choose another name, or add --overwrite.`,
    );
  }
}
