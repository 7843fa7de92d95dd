import type { Database, SecurityEvent } from '@latchkey/db';
import { Op } from 'sequelize';
import { hashRow, hashSource, START, type LogPlace } from './chain.ts';
import { readPurge } from './purge-security-log.ts';

export type Verification =
  | { outcome: 'whole'; rows: number; erased: number; end: LogPlace; isKnownPurged: boolean }
  | BrokenLog;
/** The first row that is not as it was written, and what is wrong with it. */
export type BrokenLog = { outcome: 'broken'; row: number; fault: string };

const PAGE_ROWS = 1000;

const broken = (row: number, fault: string): BrokenLog => ({ outcome: 'broken', row, fault });

/** What was read so far. */
type Walk = {
  last: LogPlace;
  rows: number;
  erased: number;
  purged: number;
  known: readonly LogPlace[];
};

/**
 * Reads the whole log, while others add to it and purge it, and finds the first row that was changed,
 * removed or put elsewhere.
 *
 * @param known ends of the log that were noted before, which must still be in it
 */
export async function verifySecurityLog(
  database: Database,
  known: readonly LogPlace[] = [],
  pageRows = PAGE_ROWS,
): Promise<Verification> {
  const start = await readEnd(database);
  const walk: Walk = { last: start.purged, rows: 0, erased: 0, purged: 0, known };
  for (let isSecondTry = false; ;) {
    const page = await readPage(database, walk.last, pageRows);
    if (page[0]?.id === walk.last.id + 1) {
      const fault = walkOn(walk, page);
      if (fault) return fault;
      isSecondTry = false;
      continue;
    }
    // After the page: what was added or purged meanwhile, it tells of.
    const end = await readEnd(database);
    if (end.purged.id > walk.last.id) walk.last = end.purged;
    else if (page.length > 0) return broken(walk.last.id + 1, 'is missing');
    else if (end.last.id > walk.last.id && !isSecondTry) isSecondTry = true;
    else return compareEnds(walk, end);
  }
}

type Ends = { last: LogPlace; purged: LogPlace };

export async function readEnd({ SecurityLogEnd }: Database): Promise<Ends> {
  const end = await SecurityLogEnd.findOne();
  if (!end) return { last: START, purged: START };
  const { lastId, lastHash, purgedId, purgedHash } = end;
  return { last: { id: lastId, hash: lastHash }, purged: { id: purgedId, hash: purgedHash } };
}

/** Each row with its source, read at one moment: a person may be erased meanwhile. */
function readPage({ SecurityEvent }: Database, after: LogPlace, limit: number) {
  const where = { id: { [Op.gt]: after.id } };
  return SecurityEvent.findAll({ where, include: 'source', order: ['id'], limit });
}

function walkOn(walk: Walk, page: SecurityEvent[]): BrokenLog | null {
  for (const row of page) {
    const { id, hash } = row;
    if (id !== walk.last.id + 1) return broken(walk.last.id + 1, 'is missing');
    if (hashRow(walk.last.hash, row) !== hash) return broken(id, 'was changed');
    if (walk.known.some((end) => end.id === id && end.hash !== hash)) {
      return broken(id, 'is not the row that was noted before');
    }
    if (!row.source && !row.isPersonal) return broken(id, 'has lost where it came from');
    if (row.source && hashSource(row.source) !== row.sourceHash) {
      return broken(id, 'was changed: whom it is about or where it came from');
    }
    walk.last = { id, hash };
    walk.rows += 1;
    walk.erased += row.source ? 0 : 1;
    walk.purged = readPurge(row) ?? walk.purged;
  }
  return null;
}

/** Nothing comes after the last row that was read: whether that is where the log ends and began. */
function compareEnds({ last, rows, erased, purged, known }: Walk, end: Ends): Verification {
  const cut = Math.max(end.last.id, ...known.map(({ id }) => id));
  if (cut > last.id) return broken(last.id + 1, `is missing, and all after it up to row ${cut}`);
  if (end.last.id < last.id) return broken(end.last.id + 1, 'comes after the end of the log');
  if (end.last.hash !== last.hash) return broken(last.id, 'is not the end of the log');
  if (end.purged.id !== purged) {
    return broken(purged + 1, `is missing, and all after it up to row ${end.purged.id}`);
  }
  const isKnownPurged = known.some(({ id }) => id <= end.purged.id);
  return { outcome: 'whole', rows, erased, end: last, isKnownPurged };
}

/**
 * Looks at the end of the log alone, which is quick.
 *
 * @param known an end of the log that was noted before
 */
export async function verifyEnd(
  database: Database,
  known: LogPlace | null,
): Promise<BrokenLog | null> {
  // What was added or purged between two questions fits at the second try.
  return (await compareEnd(database, known)) && compareEnd(database, known);
}

async function compareEnd(database: Database, known: LogPlace | null): Promise<BrokenLog | null> {
  const { SecurityEvent } = database;
  const { last, purged } = await readEnd(database);
  const cut = Math.max(last.id, known?.id ?? 0);
  const newest =
    (await SecurityEvent.max<number | string | null, SecurityEvent>('id')) ?? purged.id;
  const newestId = Number(newest);
  if (newestId < cut) return broken(newestId + 1, `is missing, and all after it up to row ${cut}`);
  const findHash = async (id: number) => (await SecurityEvent.findByPk(id))?.hash;
  if (last.id > purged.id && (await findHash(last.id)) !== last.hash) {
    return broken(last.id, 'is not the end of the log');
  }
  if (!known || known.id <= purged.id || (await findHash(known.id)) === known.hash) return null;
  return broken(known.id, 'is not the row that was noted before');
}
