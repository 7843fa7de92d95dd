import type { Database } from '@latchkey/db';
import { openFactorKeys } from '../second-factors/factor-keys.ts';
import { countSecrets } from '../second-factors/rotate-keys.ts';
import type { Settings } from '../settings/settings.ts';
import { ok, problem, type Finding } from './finding.ts';
import { count } from '../text/count-noun.ts';

/**
 * Whether the key of every authenticator's secret is there.
 *
 * @param most how many are looked at
 */
export async function examineFactors(
  { dataDir }: Pick<Settings, 'dataDir'>,
  database: Database,
  most = Infinity,
): Promise<Finding[]> {
  const factorKeys = openFactorKeys(dataDir);
  const { all, unreadable } = await countSecrets(database, factorKeys, most);
  if (all === 0) return [];
  if (unreadable === 0) {
    return [
      ok(
        'second factors',
        `${all === most ? 'the first ' : ''}${count(all, 'authenticator app')}, and ${factorKeys.path} has their key`,
      ),
    ];
  }
  return [
    problem(
      'second factors',
      `${factorKeys.path} lacks the key of ${count(unreadable, 'authenticator app')}: their people can log in with recovery codes alone`,
      'Put the file back from a backup of DATA_DIR, or let them start anew: npm run admin -- user remove-factors USER',
    ),
  ];
}
