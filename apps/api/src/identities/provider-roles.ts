import { isRole } from '@latchkey/shared';
import { OPERATOR_ROLE } from '../users/operator-role.ts';

const MOST_ROLES = 50;

/** Nobody runs the site because a group elsewhere is called so. */
const isTaken = (name: string) => isRole(name) && name !== OPERATOR_ROLE;

/** The roles that a claim names: a text, or a list of texts. What is no role of this site is left out. */
export function readRoles(claim: unknown): string[] {
  const names: unknown[] = Array.isArray(claim) ? claim : [claim];
  const roles = names.filter((name) => typeof name === 'string').filter(isTaken);
  return [...new Set(roles)].slice(0, MOST_ROLES);
}

/**
 * What a person has after a provider named their roles anew. Those that were given here stay, whatever it
 * says, and are never counted as the provider's own.
 *
 * @param person.roles all roles of the person
 * @param person.fromProvider those of them that came from the provider
 */
export function replaceRoles(
  { roles, fromProvider }: { roles: readonly string[]; fromProvider: readonly string[] },
  named: readonly string[],
): { roles: string[]; fromProvider: string[] } {
  const own = roles.filter((role) => !fromProvider.includes(role));
  const added = named.filter((role) => !own.includes(role));
  return { roles: [...own, ...added], fromProvider: added };
}
