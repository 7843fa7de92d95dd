import type { User } from '@latchkey/db';

type RoleHolder = Pick<User, 'roles' | 'roleEnds'>;

/** The roles that a person has at this moment: those without an end, and those whose end has not come. */
export function currentRoles({ roles, roleEnds }: RoleHolder, now = Date.now()): string[] {
  const isLeft = (end: string) => Date.parse(end) > now;
  const ending = Object.entries(roleEnds).flatMap(([role, end]) => (isLeft(end) ? role : []));
  return ending.length === 0 ? roles : [...new Set([...roles, ...ending])];
}
