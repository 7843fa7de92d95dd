import type { Database } from '@latchkey/db';
import type { Log } from '../process/log.ts';
import type { Settings } from '../settings/settings.ts';
import { noteEnd, readKnownEnd } from './known-end.ts';
import { readEnd, verifyEnd } from './verify-security-log.ts';

type Parts = {
  database: Database;
  log: Log;
  settings: Pick<Settings, 'dataDir' | 'databaseUrl' | 'securityLogDays'>;
};

const INTERVAL_MS = 60_000;

/**
 * Notes the end of the security log in DATA_DIR, at once and every minute, so that a log whose end is cut
 * off is found even where all of the database was made to fit. An end that does not fit is left as it is.
 *
 * @returns how to stop: it notes the last end
 */
export function watchEnd(parts: Parts): () => Promise<void> {
  if (parts.settings.securityLogDays === 0) return () => Promise.resolve();
  let running: Promise<void> = Promise.resolve();
  let told: string | null = null;
  const note = async () => {
    const fault = await noteCurrentEnd(parts).catch(describeFault);
    // Once, and not every minute.
    if (fault !== null && fault !== told) parts.log.error(fault);
    told = fault;
  };
  const begin = () => {
    running = running.then(note);
  };
  begin();
  const timer = setInterval(begin, INTERVAL_MS);
  return async () => {
    clearInterval(timer);
    begin();
    await running;
  };
}

/** What is wrong, or null. */
async function noteCurrentEnd({ database, settings }: Parts): Promise<string | null> {
  const known = await readKnownEnd(settings);
  const fault = await verifyEnd(database, known);
  if (fault) {
    return `Row ${fault.row} of the security log ${fault.fault}. Look at all of it: npm run admin -- log verify`;
  }
  const { last } = await readEnd(database);
  if (last.id > (known?.id ?? 0)) await noteEnd(settings, last);
  return null;
}

function describeFault(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `The end of the security log could not be noted in DATA_DIR: ${reason}`;
}
