import { setTimeout as wait } from 'node:timers/promises';
import { QueryTypes, Transaction } from 'sequelize';
import type { Database } from './database.ts';
import { listMigrations } from './migrate.ts';
import { findTroubleKind } from './trouble.ts';

const LONGEST_ANSWER_MS = 3000;
const LONGEST_WRITE_MS = 2000;
/** Whoever asks without pause makes no more writes than that. */
const WRITE_HOLDS_MS = 250;

/** A database that hangs is asked once, or the questions would use its connections up. */
const asked = new WeakMap<Database, Promise<boolean>>();
const writtenAt = new WeakMap<Database, number>();

/**
 * True when the database answers within three seconds, has no migration pending, and takes a write.
 * Never throws: a fault is "not ready".
 */
export async function isDatabaseReady(database: Database): Promise<boolean> {
  const answer = asked.get(database) ?? examine(database).finally(() => asked.delete(database));
  asked.set(database, answer);
  return Promise.race([answer, wait(LONGEST_ANSWER_MS, false, { ref: false })]);
}

async function examine(database: Database): Promise<boolean> {
  try {
    const { pending } = await listMigrations(database);
    return pending.length === 0 && (await isWritable(database)) && (await isSound(database));
  } catch {
    return false;
  }
}

/**
 * Only a write that was committed shows a disk that is full or read-only. One that has to wait says
 * nothing: somebody else writes.
 */
async function isWritable(database: Database): Promise<boolean> {
  if (performance.now() - (writtenAt.get(database) ?? -Infinity) < WRITE_HOLDS_MS) return true;
  const writing = tryToWrite(database).then(
    () => true,
    (fault: unknown) => findTroubleKind(fault) === 'busy',
  );
  return Promise.race([writing, wait(LONGEST_WRITE_MS, true, { ref: false })]);
}

/** Writes next to nothing. Throws where nothing can be written. */
export async function tryToWrite(database: Database): Promise<void> {
  await database.RateLimit.upsert({ key: 'readiness', expire: Date.now() });
  writtenAt.set(database, performance.now());
}

/** After damage was met a file is looked through, once, for as long as it takes. */
async function isSound({ sequelize, damage }: Database): Promise<boolean> {
  if (!damage.isSeen) return true;
  // On a connection of its own: the shared one answers everybody.
  return sequelize.transaction({ type: Transaction.TYPES.DEFERRED }, async (transaction) => {
    const type = QueryTypes.SELECT;
    const [check] = await sequelize.query<{ quick_check?: string }>('PRAGMA quick_check(1)', {
      type,
      transaction,
    });
    damage.isSeen = check?.quick_check !== 'ok';
    return !damage.isSeen;
  });
}
