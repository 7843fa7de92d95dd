import type { User } from '@latchkey/db';
import { currentRoles } from './current-roles.ts';

/** The role of those who run the site: they approve registrations, and the pages at `/operator` are theirs. */
export const OPERATOR_ROLE = 'operator';

/** Whether a person is an operator at this moment. */
export const isOperator = (user: Pick<User, 'roles' | 'roleEnds'>): boolean =>
  currentRoles(user).includes(OPERATOR_ROLE);
