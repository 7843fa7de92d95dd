import { messages } from '@latchkey/shared';
import type { PasswordFault } from '../passwords/password-rules.ts';
import { Refusal } from '../refusal.ts';

export function refuseTakenUsername(): Refusal {
  return new Refusal('CONFLICT', {
    reason: 'username-taken',
    fieldErrors: { username: [messages['username-taken']] },
  });
}

/** @param field the field that the new password was typed into */
export function refusePasswordFault(
  fault: PasswordFault,
  field: 'password' | 'newPassword',
): Refusal {
  return new Refusal('BAD_REQUEST', { reason: fault, fieldErrors: { [field]: [messages[fault]] } });
}
