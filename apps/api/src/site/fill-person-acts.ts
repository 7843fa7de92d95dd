import { formatTime, nameRole, type PersonDetails } from '@latchkey/shared';
import type { ListItem } from '../pages/fill-page.ts';
import { findEndOfReset } from '../password-resets/password-reset.ts';
import { describeLink } from '../password-resets/reset-link.ts';
import type { ServerDeps } from '../procedures/server-deps.ts';
import { listKnownRoles } from '../users/known-roles.ts';
import { OPERATOR_ROLE } from '../users/operator-role.ts';
import type { Fields } from './form-answer.ts';

/** Shows the link that was just made, once. */
export const newResetField = 'newReset';
/** The role that a form of the list removes. */
export const removedRoleField = 'removedRole';

/** A new link, only where it works and is this person's: a cookie may bring anything. */
async function showLink(
  { database, settings }: ServerDeps,
  userId: string,
  token: string | undefined,
): Promise<ListItem> {
  const none = { made: 'false', link: '', code: '', endsAt: '', endsText: '' };
  const expiresAt = token ? await findEndOfReset(database, { userId, token }) : null;
  if (!token || !expiresAt) return none;
  const { link, code, expiresAt: endsAt } = describeLink(settings, { token, expiresAt });
  return { made: 'true', link, code, endsAt, endsText: formatTime(expiresAt) };
}

/** What an operator can do with a person's account now. With their own it is nothing: see record 85. */
export async function fillPersonActs(
  deps: ServerDeps,
  { person, factors, sessions }: PersonDetails,
  { isOwn, typed }: { isOwn: boolean; typed: Fields },
): Promise<Record<string, ListItem[]>> {
  const roles = [...new Set([...listKnownRoles(deps.settings), OPERATOR_ROLE])];
  const acts = {
    id: person.id,
    waiting: String(person.waitingSince !== null),
    disabled: String(person.disabledAt !== null),
    factors: String(factors.length > 0),
    signedIn: String(sessions.length > 0),
    known: roles.join(', '),
    ...(await showLink(deps, person.id, typed[newResetField])),
  };
  return {
    personActs: isOwn ? [] : [acts],
    knownRoles: isOwn ? [] : roles.map((role) => ({ role, name: nameRole(role) })),
  };
}
