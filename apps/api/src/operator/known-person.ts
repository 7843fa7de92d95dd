import type { User } from '@latchkey/db';
import type { KnownPerson } from '@latchkey/shared';
import { toPublicUser } from '../users/public-user.ts';

/** What an operator may know of a person. */
export const describePerson = (user: User): KnownPerson => ({
  ...toPublicUser(user),
  roleEnds: user.roleEnds,
  disabledAt: user.disabledAt?.toISOString() ?? null,
  waitingSince: user.waitingSince?.toISOString() ?? null,
});
