import {
  accessRules,
  isRole,
  nameRole,
  roleNames,
  roleRule,
  UNLIMITED_READER_ROLE,
} from '@latchkey/shared';
import { InvalidArgumentError, type Command } from 'commander';
import type { Settings } from '../settings/settings.ts';
import { OPERATOR_ROLE } from '../users/operator-role.ts';
import { parseUntil } from './parse-until.ts';

/** The rules of a site that was built elsewhere, where it is one. */
type RoleSettings = Pick<Settings, 'accessRules'>;

/** What this site has a use for: what opens something, and what has a name. */
export function listKnownRoles({ accessRules: rules = accessRules }: RoleSettings): string[] {
  const opening = Object.values(rules).flatMap((access) =>
    typeof access === 'string' ? [] : access,
  );
  return [...new Set([UNLIMITED_READER_ROLE, ...Object.keys(roleNames), ...opening])];
}

/** A slip of the pen would give nothing, and say nothing. */
export function noteUnknownRole(settings: RoleSettings, role: string): void {
  const known = listKnownRoles(settings);
  if (role === OPERATOR_ROLE || known.includes(role)) return;
  console.error(
    `No rule of this site opens anything to the role ${role}. It knows ${known.join(', ')}: see ${settings.accessRules ? 'the file of ACCESS_RULES' : 'packages/shared/src/access-rules.ts'}.`,
  );
}

export function parseRole(text: string): string {
  if (!isRole(text)) throw new InvalidArgumentError(roleRule);
  return text;
}

const REASON_LENGTH = 120;

function parseReason(text: string): string {
  const reason = text.trim();
  if (reason.length > 0 && reason.length <= REASON_LENGTH) return reason;
  throw new InvalidArgumentError(`a reason has 1 to ${REASON_LENGTH} characters`);
}

/** `--reason`, which the person sees in their own activity. */
export const addReason = (command: Command): Command =>
  command.option('--reason <TEXT>', 'why; the person sees it in their activity', parseReason);

/** `--until`, and why. */
export const addGrantOptions = (command: Command): Command =>
  addReason(
    command.option(
      '--until <DATE>',
      'a day such as 2026-12-31, or a moment with its zone',
      parseUntil,
    ),
  );

/** A role as it is told of: its id, and what people call it where that is another word. */
export function describeRole(role: string): string {
  const name = nameRole(role);
  return name.toLowerCase() === role ? role : `${role} (${name})`;
}
