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

/** What kept a file from being written, with what to do where it was the disk or the rights. */
export function explainUnwritten(file: string, error: unknown): unknown {
  const code = error instanceof Error ? findCode(error) : undefined;
  if (code === undefined) return error;
  return new OperatorError(
    `${file} could not be written (${code}). Nothing was changed. Make sure that there is room on its disk and that this user may write there, or choose another place.`,
  );
}

/** Of the system, such as ENOSPC, or of SQLite when it writes a copy. */
function findCode(error: Error): string | undefined {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (errno !== undefined && code?.startsWith('E')) return code;
  return /^SQLITE_(FULL|CANTOPEN|IOERR|READONLY)/.exec(error.message)?.[0];
}
