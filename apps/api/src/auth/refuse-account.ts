import { messages } from '@latchkey/shared';
import type { PasswordFault } from '../passwords/password-rules.ts';
import { Refusal } from '../http/refusal.ts';

export function refuseTakenUsername(): Refusal {
  return new Refusal('CONFLICT', {
    reason: 'username-taken',
    fieldErrors: { username: [messages['username-taken']] },
  });
}

/**
 * @param field the field that the new password was typed into
 * @param besides what else is wrong with the form
 */
export function refusePasswordFault(
  fault: PasswordFault,
  field: 'password' | 'newPassword',
  { isUsernameTaken = false } = {},
): Refusal {
  const fieldErrors = {
    ...(isUsernameTaken && { username: [messages['username-taken']] }),
    [field]: [messages[fault]],
  };
  return new Refusal('BAD_REQUEST', {
    reason: isUsernameTaken ? 'invalid-input' : fault,
    fieldErrors,
  });
}

/** The email that was typed to be sure of a deletion is another. */
export function refuseOtherEmail(): Refusal {
  return new Refusal('BAD_REQUEST', {
    reason: 'invalid-input',
    fieldErrors: { email: [messages['email-mismatch']] },
  });
}
