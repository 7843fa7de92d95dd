/** Names of SQLite's primary result codes, each at the place of its number. */
const codeNames =
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
    ' ',
  );
const BUSY = 5;
const MISUSE = 21;
/** Another connection has written since this transaction read: waiting does not help. */
const BUSY_SNAPSHOT = 517;

type SqliteFault = Error & { errcode: number };

const isSqliteFault = (fault: unknown): fault is SqliteFault =>
  fault instanceof Error && typeof Reflect.get(fault, 'errcode') === 'number';

const toPrimaryCode = (extendedCode: number) => extendedCode & 0xff;

export function createMisuseError(message: string): Error {
  return Object.assign(new Error(message), { errcode: MISUSE });
}

/** Whether another connection holds a lock that may soon be free. */
export function isLocked(fault: unknown): boolean {
  if (!isSqliteFault(fault)) return false;
  return toPrimaryCode(fault.errcode) === BUSY && fault.errcode !== BUSY_SNAPSHOT;
}

/** An Error of `node:sqlite` as sqlite3 gives it: `code` and `errno` of SQLite, the code in the message too. */
export function toSqlite3Error(fault: unknown): Error {
  if (!isSqliteFault(fault)) return fault instanceof Error ? fault : new Error(String(fault));
  const errno = toPrimaryCode(fault.errcode);
  const code = `SQLITE_${codeNames[errno] ?? 'UNKNOWN'}`;
  const error = new Error(`${code}: ${fault.message}`, { cause: fault });
  return Object.assign(error, { errno, code });
}
