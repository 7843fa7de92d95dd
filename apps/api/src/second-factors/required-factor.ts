import type { Database, User } from '@latchkey/db';
import { currentRoles } from '../users/current-roles.ts';
import { listSecondFactors } from './list-factors.ts';

/** Who has to have a second factor: everybody, or whoever has one of these roles. */
export type FactorDemand = 'all' | readonly string[];

/** Whether a person has to set a second factor up before anything but the account opens. */
export async function lacksRequiredFactor(
  database: Database,
  demand: FactorDemand,
  person: Pick<User, 'id' | 'roles' | 'roleEnds'>,
): Promise<boolean> {
  const roles = currentRoles(person);
  const isDemanded = demand === 'all' || demand.some((role) => roles.includes(role));
  return isDemanded && (await listSecondFactors(database, person.id)).length === 0;
}
