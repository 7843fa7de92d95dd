import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from './database.ts';
import { listMigrations } from './migrate.ts';

const LONGEST_ANSWER_MS = 3000;

/** A database that hangs is asked once, or the questions would use its connections up. */
const asked = new WeakMap<Database, Promise<boolean>>();

/**
 * True when the database answers, within three seconds, and no migration is pending. Never throws: a
 * fault is "not ready".
 */
export async function isDatabaseReady(database: Database): Promise<boolean> {
  const answer = asked.get(database) ?? isMigrated(database).finally(() => asked.delete(database));
  asked.set(database, answer);
  return Promise.race([answer, wait(LONGEST_ANSWER_MS, false, { ref: false })]);
}

async function isMigrated(database: Database): Promise<boolean> {
  try {
    const { pending } = await listMigrations(database);
    return pending.length === 0;
  } catch {
    return false;
  }
}
