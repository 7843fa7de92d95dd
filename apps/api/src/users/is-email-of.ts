import type { User } from '@latchkey/db';
import { readIdentifier } from '@latchkey/shared';

/** Whether somebody typed this person's email, in any spelling that `readIdentifier` has read. */
export const isEmailOf = ({ email }: Pick<User, 'email'>, typed: string): boolean =>
  typed.toLowerCase() === readIdentifier(email).toLowerCase();
