import { UNLIMITED_READER_ROLE } from '@latchkey/shared';

export const roleRule = 'a role has lower-case letters, digits and dashes, 30 at most';

/** What Latchkey itself asks for. A site's own code may ask for others. */
const knownRoles = [UNLIMITED_READER_ROLE];

/** A slip of the pen would give nothing, and say nothing. */
export function noteUnknownRole(role: string): void {
  if (knownRoles.includes(role)) return;
  console.error(
    `Nothing in Latchkey asks for the role ${role}; it knows ${knownRoles.join(', ')}.`,
  );
}

export const isRole = (text: string) => /^[a-z][a-z0-9-]{0,29}$/.test(text);
