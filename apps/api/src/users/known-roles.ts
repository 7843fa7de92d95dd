import { accessRules, roleNames, UNLIMITED_READER_ROLE } from '@latchkey/shared';
import type { Settings } from '../settings/settings.ts';
import { OPERATOR_ROLE } from './operator-role.ts';

/** The rules of a site that was built elsewhere, where it is one. */
export type RoleSettings = Pick<Settings, 'accessRules'>;

/** What this site has a use for: what opens something, and what has a name. */
export function listKnownRoles({ accessRules: rules = accessRules }: RoleSettings): string[] {
  const opening = Object.values(rules).flatMap((access) =>
    typeof access === 'string' ? [] : access,
  );
  return [...new Set([UNLIMITED_READER_ROLE, ...Object.keys(roleNames), ...opening])];
}

/** What an operator should know of a role that opens nothing here, in a sentence; null where it does. */
export function explainUnknownRole(settings: RoleSettings, role: string): string | null {
  const known = listKnownRoles(settings);
  if (role === OPERATOR_ROLE || known.includes(role)) return null;
  const file = settings.accessRules
    ? 'the file of ACCESS_RULES'
    : 'packages/shared/src/access-rules.ts';
  return `No rule of this site opens anything to the role ${role}. It knows ${known.join(', ')}: see ${file}.`;
}
