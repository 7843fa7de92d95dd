import type { Database } from '@latchkey/db';
import { readKnownEnd } from '../security-log/known-end.ts';
import { readEnd, verifyEnd } from '../security-log/verify-security-log.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, problem, type Finding } from './finding.ts';
import { count } from '../text/count-noun.ts';

/** The end of the log alone: all of it takes as long as it is large. */
export async function examineSecurityLog(
  database: Database,
  settings: Settings,
): Promise<Finding[]> {
  const title = 'security log';
  const fault = await verifyEnd(database, await readKnownEnd(settings));
  if (fault) {
    const advice = 'Keep a copy of the database, and run npm run admin -- log verify';
    return [problem(title, `row ${fault.row} ${fault.fault}`, advice)];
  }
  const { last, purged } = await readEnd(database);
  const rows = count(last.id - purged.id, 'row');
  const kept =
    settings.securityLogDays > 0 ? `kept for ${settings.securityLogDays} days` : 'switched off';
  return [ok(title, `${rows}, ${kept}, and its end is there; log verify reads all of it`)];
}
