import type { Database } from '@latchkey/db';
import type { Settings } from '../settings/settings.ts';

/** Who is signed in and acts, and from where. */
type ActingOperator = { id: string; address: string | null };

/** Where an operator acts. Without `operator` it is whoever is at the command line. */
export type ActContext = {
  database: Database;
  settings: Pick<Settings, 'securityLogDays'>;
  operator?: ActingOperator;
};
