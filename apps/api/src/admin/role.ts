import { UNLIMITED_READER_ROLE } from '@latchkey/shared';

export const roleRule = 'a role has at most 30 lower-case letters, digits and dashes';

/** What Latchkey itself asks for. A site's own code may ask for others. */
const knownRoles = [UNLIMITED_READER_ROLE];

/** A slip of the pen would give nothing, and say nothing. */
export function noteUnknownRole(role: string): void {
  if (knownRoles.includes(role)) return;
  console.error(`Latchkey does not use the role ${role}. It uses ${knownRoles.join(', ')}.`);
}

export const isRole = (text: string) => /^[a-z][a-z0-9-]{0,29}$/.test(text);
