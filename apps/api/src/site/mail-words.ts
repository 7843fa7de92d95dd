import { APPROVED_MAIL, REFUSED_MAIL, WAITING_MAIL } from '../approvals/approval-mails.ts';
import {
  ACCOUNT_EXISTS_MAIL,
  EMAIL_CHANGED_MAIL,
  EMAIL_IN_USE_MAIL,
  NEW_EMAIL_MAIL,
  REGISTRATION_MAIL,
} from '../email-links/link-mails.ts';
import { NOTICE_MAIL } from '../notices/notice-event.ts';
import { RESET_MAIL } from '../password-resets/reset-link.ts';

/** What the kinds of mails are about. */
const mailNames: Record<string, string> = {
  [REGISTRATION_MAIL]: 'Link to confirm a registration',
  [ACCOUNT_EXISTS_MAIL]: 'Registration with an email that has an account',
  [NEW_EMAIL_MAIL]: 'Link to confirm a new email',
  [EMAIL_IN_USE_MAIL]: 'Change to an email that has an account',
  [EMAIL_CHANGED_MAIL]: 'The email was changed',
  [RESET_MAIL]: 'Link to set a new password',
  [NOTICE_MAIL]: 'Notice of what happened in an account',
  [WAITING_MAIL]: 'Registrations wait for approval',
  [APPROVED_MAIL]: 'Registration approved',
  [REFUSED_MAIL]: 'Registration refused',
};

/** A kind of mail in words; one that is not known by its own name. */
export const nameMail = (kind: string): string =>
  Object.hasOwn(mailNames, kind) ? (mailNames[kind] ?? kind) : kind;
