import { OperatorError } from './operator-error.ts';

/** What kept a file from being written, with what to do where it was the disk or the rights. */
export function explainUnwritten(file: string, error: unknown): unknown {
  const code = error instanceof Error ? findCode(error) : undefined;
  if (code === undefined) return error;
  return new OperatorError(
    `${file} could not be written (${code}). Nothing was changed. Check that the disk has space and that this user can write there, or choose another place.`,
  );
}

/** Of the system, such as ENOSPC, or of SQLite when it writes a copy. */
function findCode(error: Error): string | undefined {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (errno !== undefined && code?.startsWith('E')) return code;
  return /^SQLITE_(FULL|CANTOPEN|IOERR|READONLY)/.exec(error.message)?.[0];
}
