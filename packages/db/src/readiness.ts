import type { Database } from './database.ts';
import { listMigrations } from './migrate.ts';

/** True when the database answers and no migration is pending. Never throws: a fault is "not ready". */
export async function isDatabaseReady(database: Database): Promise<boolean> {
  try {
    const { pending } = await listMigrations(database);
    return pending.length === 0;
  } catch {
    return false;
  }
}
