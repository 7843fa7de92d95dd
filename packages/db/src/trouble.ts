/** What keeps a database from its work although the query is right. */
type Trouble = { kind: TroubleKind; codes: RegExp; sentence: string };
export type TroubleKind =
  | 'full'
  | 'read-only'
  | 'not-allowed'
  | 'damaged'
  | 'missing'
  | 'failing-disk'
  | 'no-room'
  | 'busy'
  | 'away';

/** By SQLite's names, PostgreSQL's codes and the system's. The first that fits counts. */
const troubles: readonly Trouble[] = [
  {
    kind: 'full',
    codes: /^(SQLITE_FULL|53100|ENOSPC|EDQUOT)/,
    sentence:
      'The disk of the database is full. Make room there; everything goes on by itself then.',
  },
  {
    kind: 'read-only',
    codes: /^(SQLITE_READONLY|25006|EROFS)/,
    sentence:
      'The database cannot be written. Make the file, its folder and its disk writable for this user; with PostgreSQL, connect to the primary and not to a standby.',
  },
  {
    kind: 'not-allowed',
    codes: /^(SQLITE_PERM|SQLITE_AUTH|42501|EACCES|EPERM)/,
    sentence:
      'This user may not use the database. Run as the user it belongs to, or give this one the rights.',
  },
  {
    kind: 'damaged',
    codes: /^(SQLITE_CORRUPT|SQLITE_NOTADB|XX00[12])/,
    sentence:
      'The database is damaged, or something else. Stop the server, move the damaged database away, and restore the last backup.',
  },
  {
    kind: 'missing',
    codes: /^(SQLITE_CANTOPEN|42P01|3D000|3F000|ENOENT|ENOTDIR|ELOOP|EISDIR)/,
    sentence:
      'The database is not there. Make sure that its folder exists and that this user may write there, or bring the database back; DATABASE_URL and DATA_DIR say where it should be.',
  },
  {
    kind: 'failing-disk',
    codes: /^(SQLITE_IOERR|SQLITE_PROTOCOL|SQLITE_NOLFS|58|EIO|EFBIG|ESTALE)/,
    sentence:
      'The disk of the database fails to read or to write. Look at the disk, at its room and at the limits of this user (ulimit -f).',
  },
  {
    kind: 'no-room',
    codes: /^(SQLITE_NOMEM|53|EMFILE|ENFILE|ENOMEM)/,
    sentence:
      'The database has no room for more: too little memory, too many connections or too many open files. End what uses them, or raise the limit.',
  },
  {
    kind: 'busy',
    codes: /^(SQLITE_BUSY|SQLITE_LOCKED|55P03|57014|40001|40P01)/,
    sentence: 'The database is busy with something else. Try again in a moment.',
  },
  {
    kind: 'away',
    codes:
      /^(08|28|25P0[34]|40003|57000|57P0|SQLITE_MISUSE|ECONN(REFUSED|RESET|ABORTED)|ENOT(FOUND|CONN)|EAI_|EPIPE|ETIMEDOUT|EHOST(UNREACH|DOWN)|ENET(UNREACH|DOWN|RESET)|EADDRNOTAVAIL|ERR_STREAM)/,
    sentence:
      'The database does not answer. Make sure that its server runs, that it can be reached, and that DATABASE_URL has the right user and password.',
  },
];

/** A table that is not there is no fault of the query: the database is another one, or an empty one. */
const missingTable = /^SQLITE_ERROR: no such table: /;

/** What pg and PgBouncer say in words alone, and the code that says the same. The first that fits counts. */
const words: readonly { sentence: RegExp; code: string }[] = [
  { sentence: /^Connection terminated/, code: '08006' },
  { sentence: /^Client (has encountered a connection error|was closed)/, code: '08003' },
  { sentence: /^timeout expired$/, code: 'ETIMEDOUT' },
  // A statement that took longer than its time.
  { sentence: /^Query read timeout$/, code: 'ETIMEDOUT' },
  // PgBouncer has one code for all, 08P01.
  { sentence: /^no more connections allowed|^client connections exceeded/, code: '53300' },
  { sentence: /^no such database: |^database ".*" is disabled$/, code: '3D000' },
];

/** The code of a fault of SQLite, PostgreSQL or the system, whichever of its causes has one. */
function findTroubles(fault: unknown): { code: string; trouble: Trouble }[] {
  if (!(fault instanceof Error)) return [];
  const { parent, cause } = fault as { parent?: unknown; cause?: unknown };
  const code = readCode(fault);
  const trouble = troubles.find(({ codes }) => codes.test(code));
  return [...(trouble ? [{ code, trouble }] : []), ...findTroubles(parent ?? cause)];
}

function readCode(fault: Error): string {
  if (missingTable.test(fault.message)) return 'SQLITE_CANTOPEN';
  const worded = words.find(({ sentence }) => sentence.test(fault.message));
  if (worded) return worded.code;
  const { code } = fault as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : '';
}

/** What keeps the database from its work, or null where the query is at fault. */
export function findTroubleKind(fault: unknown): TroubleKind | null {
  return findTroubles(fault)[0]?.trouble.kind ?? null;
}

/** The same in a sentence that says what to do, with the code, or null. */
export function describeTrouble(fault: unknown): string | null {
  const [found] = findTroubles(fault);
  return found ? `${found.trouble.sentence} (${found.code})` : null;
}
